"""Dataclasses to JSON columns and back; times are ISO 8601 in UTC, so that they sort as text."""

from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter

Kept = TypeVar("Kept")


_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    # Building an adapter costs a hundred times what using it does.
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def to_json(value: Any) -> str:
    """The value as one line of JSON."""
    return _adapter(type(value)).dump_json(value).decode()


def from_json(kind: type[Kept], text: str) -> Kept:
    """What `to_json` wrote, as an instance of `kind`."""
    kept: Kept = _adapter(kind).validate_json(text)
    return kept


def stamp(at: datetime) -> str:
    """ISO 8601 in UTC with microseconds: always the same width."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def unstamp(text: str) -> datetime:
    """What `stamp` wrote."""
    return datetime.fromisoformat(text)
