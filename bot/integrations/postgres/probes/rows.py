"""Values as psycopg2 gives them, made into what facts hold."""

from datetime import UTC, datetime

from bot.alerts.redaction import redact


def utc(moment: datetime | None) -> datetime | None:
    """The same instant in UTC (timestamptz always arrives aware); None for NULL, which is also what may not be seen."""
    return None if moment is None else moment.astimezone(UTC)


def statement(text: str | None) -> str:
    """A statement of somebody else's on one line, without the secrets that people write into SQL."""
    return redact(" ".join((text or "").split()))
