"""Logs: JSON lines for machines, plain lines for a terminal, no secret in either."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.alerts.redaction import redact_within


def configure_logs(*, is_terminal: bool) -> None:
    """JSON lines for machines, plain lines for a terminal; secrets are redacted from every field either way."""
    last = structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact_fields,
    ]
    structlog.configure(processors=[*shared, last], logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    foreign = structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last], foreign_pre_chain=shared
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(foreign)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def _redact_fields(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    # Renderers make a text of an exception only after this, and a driver's may hold the URL that it was given.
    told = {name: repr(value) if isinstance(value, BaseException) else value for name, value in fields.items()}
    return dict(redact_within(told))
