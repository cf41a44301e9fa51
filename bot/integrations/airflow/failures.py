"""What went wrong at Airflow, in one plain sentence: HTTP statuses and urllib3's errors become the bot's own."""

import json
from typing import TYPE_CHECKING, Any

from bot.alerts.redaction import redact
from bot.errors import AccessDenied, IntegrationError, NotFound, Unreachable

if TYPE_CHECKING:
    from urllib3.exceptions import HTTPError

SYSTEM = "airflow"


def refused(status: int, body: bytes, user: str = "") -> IntegrationError:
    """The error for an answer that is none of the 200s."""
    detail = _detail(body)
    if is_token_refused(status, body):
        return AccessDenied(SYSTEM, f"the login was refused: {detail}" if detail else "the login was refused")
    if status == 403:
        return AccessDenied(SYSTEM, f"{user or 'the bot'} may not do that: {detail}")
    if status == 404:
        return NotFound(SYSTEM, detail or "not found")
    if status in (502, 503, 504):
        return Unreachable(SYSTEM, f"answered {status}: {detail}")
    return IntegrationError(SYSTEM, f"answered {status}: {detail}")


def read_json(body: bytes) -> Any:
    """The JSON of an answer of success; IntegrationError for a proxy's page, which comes with 200 too."""
    try:
        return json.loads(body)
    except ValueError as error:
        beginning = redact(" ".join(body[:100].decode("utf-8", "replace").split()))
        raise IntegrationError(SYSTEM, f"something answered that is not Airflow: {beginning}") from error


def is_token_refused(status: int, body: bytes) -> bool:
    """True when another login may help: Airflow says 401 of an expired token, but 403 of one it cannot read."""
    return status == 401 or (status == 403 and b"Invalid JWT token" in body)


def unreachable(error: "HTTPError", address: str, waited_s: float) -> Unreachable:
    """The error for no answer at all."""
    from urllib3 import exceptions

    reason: object = getattr(error, "reason", None) or error
    # NameResolutionError is a NewConnectionError, and that is a TimeoutError to urllib3: the most telling first.
    if isinstance(reason, exceptions.NameResolutionError):
        return Unreachable(SYSTEM, f"the host of {address} is not known")
    if "refused" in str(reason):
        return Unreachable(SYSTEM, f"connection refused by {address}")
    if isinstance(reason, exceptions.TimeoutError) and not isinstance(reason, exceptions.NewConnectionError):
        return Unreachable(SYSTEM, f"did not answer within {waited_s:g} s")
    if isinstance(reason, exceptions.SSLError):
        return Unreachable(SYSTEM, f"no trusted TLS connection to {address}")
    return Unreachable(SYSTEM, f"the connection to {address} broke")


def _detail(body: bytes) -> str:
    """The `detail` of a FastAPI error, or the beginning of the body."""
    text = body[:2000].decode("utf-8", "replace")
    try:
        found = json.loads(text)
    except ValueError:
        found = text
    detail = found.get("detail", found) if isinstance(found, dict) else found
    if isinstance(detail, dict):
        detail = detail.get("reason") or detail.get("message") or detail
    return redact(" ".join(str(detail).split()))[:300]
