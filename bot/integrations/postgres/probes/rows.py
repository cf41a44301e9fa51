"""Values as psycopg2 gives them, made into what facts hold."""

from datetime import UTC, datetime


def utc(moment: datetime) -> datetime:
    """The same instant in UTC; timestamptz always arrives aware."""
    return moment.astimezone(UTC)
