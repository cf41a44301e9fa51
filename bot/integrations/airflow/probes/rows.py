"""Values as Airflow's JSON gives them, made into what facts hold."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

Row = Mapping[str, Any]


def moment(text: Any) -> datetime | None:
    """An ISO instant in UTC; None for nothing."""
    if not text:
        return None
    found = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def words(value: Any) -> str:
    """Text; "" for nothing."""
    return "" if value is None else str(value)


def duration_s(row: Row) -> float:
    """Seconds that a run or try took (0.0 when it has not ended)."""
    if row.get("duration") is not None:
        return round(float(row["duration"]), 1)
    start, end = moment(row.get("start_date")), moment(row.get("end_date"))
    return round((end - start).total_seconds(), 1) if start and end else 0.0


def usual(durations: Iterable[float]) -> float | None:
    """The median of some durations in seconds; None of none."""
    known = list(durations)
    return round(median(known), 1) if known else None


def delay(value: Any) -> timedelta | None:
    """Airflow's TimeDelta."""
    if not isinstance(value, Mapping):
        return None
    return timedelta(
        days=value.get("days", 0), seconds=value.get("seconds", 0), microseconds=value.get("microseconds", 0)
    )


def ids_in(instances: Sequence[Row], *states: str) -> tuple[str, ...]:
    """The task ids whose state is one of these, in the order in which they ran; a mapped task once."""
    ordered = sorted(instances, key=lambda row: (words(row.get("start_date")) or "~", words(row.get("task_id"))))
    return tuple(dict.fromkeys(words(row["task_id"]) for row in ordered if words(row.get("state")) in states))
