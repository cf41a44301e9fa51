"""Values as Snowflake gives them (SHOW gives most of them as text), made into what facts hold."""

from datetime import UTC, date, datetime, time
from typing import Any

from bot.alerts.redaction import redact


def number(value: Any) -> float:
    """0.0 for nothing."""
    text = words(value)
    return float(text) if text else 0.0


def words(value: Any) -> str:
    """Text; "" for nothing, which SHOW spells `null`."""
    text = "" if value is None else str(value).strip()
    return "" if text.lower() == "null" else text


def percent_of(value: Any) -> float | None:
    """`100%` as 100.0; None for nothing."""
    text = words(value).rstrip("%")
    return float(text) if text else None


def moment(value: Any) -> datetime | None:
    """An instant in UTC: a date counts from its beginning, a time without a zone is taken for UTC."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), tzinfo=UTC)
    text = words(value)
    return moment(datetime.fromisoformat(text)) if text else None


def seconds(milliseconds: Any) -> float:
    """Milliseconds as seconds, to a tenth."""
    return round(number(milliseconds) / 1000, 1)


def shown(value: Any) -> str:
    """Somebody else's statement or error on one line, without the secrets that people write into SQL."""
    return redact(" ".join(words(value).split()))
