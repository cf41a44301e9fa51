"""Values of Airflow's JSON: instants, durations, medians, delays, and tasks in the order in which they ran."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.integrations.airflow.probes.rows import delay, duration_s, ids_in, moment, usual, words
from tests.integrations.airflow.builders import instance


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T05:00:00Z",
        "2026-11-23T05:00:00+00:00",
        "2026-11-23T07:00:00.000000+02:00",
        "2026-11-23T05:00:00",
    ],
)
def test_every_instant_is_in_utc(text: str) -> None:
    """One without a zone is taken for UTC, as Airflow means it."""
    assert moment(text) == datetime(2026, 11, 23, 5, tzinfo=UTC)


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_is_no_instant_and_no_text(nothing: str | None) -> None:
    """JSON has null for what has not happened yet."""
    assert moment(nothing) is None
    assert words(nothing) == ""


@pytest.mark.parametrize(
    ("row", "seconds"),
    [
        ({"duration": 12.345, "start_date": "2026-11-23T05:00:00Z", "end_date": "2026-11-23T06:00:00Z"}, 12.3),
        ({"duration": 0, "start_date": "2026-11-23T05:00:00Z", "end_date": "2026-11-23T06:00:00Z"}, 0.0),
        ({"duration": None, "start_date": "2026-11-23T05:00:00Z", "end_date": "2026-11-23T05:01:30Z"}, 90.0),
        ({"duration": None, "start_date": "2026-11-23T05:00:00Z", "end_date": None}, 0.0),
        ({"start_date": None, "end_date": "2026-11-23T05:00:00Z"}, 0.0),
        ({}, 0.0),
    ],
)
def test_a_duration_is_airflows_own_or_from_start_to_end(row: dict[str, Any], seconds: float) -> None:
    """What has not ended took no time yet."""
    assert duration_s(row) == seconds


@pytest.mark.parametrize(
    ("durations", "median"), [([], None), ([4.0], 4.0), ([1.0, 100.0, 3.0], 3.0), ([1.0, 2.06], 1.5)]
)
def test_the_usual_time_is_the_median(durations: list[float], median: float | None) -> None:
    """One run that hung does not move it."""
    assert usual(durations) == median


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ({"days": 1, "seconds": 300, "microseconds": 5}, timedelta(days=1, seconds=300, microseconds=5)),
        ({"seconds": 300}, timedelta(seconds=300)),
        (None, None),
        ("0:05:00", None),
    ],
)
def test_a_delay_is_airflows_timedelta(value: Any, wait: timedelta | None) -> None:
    """Anything else is not guessed at."""
    assert delay(value) == wait


def test_tasks_come_in_the_order_in_which_they_ran() -> None:
    """Those that never started come last, by name; the copies of a mapped task count once."""
    rows = [
        instance("never", start_date=None),
        instance("also_never", start_date=None),
        instance("second", start_date="2026-11-23T05:02:00Z"),
        instance("first", start_date="2026-11-23T05:01:00Z", map_index=1),
        instance("first", start_date="2026-11-23T05:03:00Z", map_index=0),
        instance("well", "success"),
        instance("unborn", None),
    ]
    assert ids_in(rows, "failed", "skipped") == ("first", "second", "also_never", "never")
    assert ids_in(rows, "") == ("unborn",)
