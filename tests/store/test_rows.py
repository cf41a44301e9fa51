"""How values are kept: times that sort as text, dataclasses that compare as they are written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.remediation.outcome import Outcome, Stage
from bot.store.rows import from_json, stamp, to_json, unstamp

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def test_times_sort_as_text_whatever_zone_they_came_in() -> None:
    """A whole second, a microsecond later, a day later in another zone."""
    times = [
        NOON,
        NOON + timedelta(microseconds=1),
        (NOON + timedelta(days=1)).astimezone(timezone(timedelta(hours=9))),
    ]
    stamps = [stamp(at) for at in times]
    assert stamps == sorted(stamps)
    assert len({len(one) for one in stamps}) == 1
    assert [unstamp(one) for one in stamps] == times


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 3, 4, 9, 30, tzinfo=UTC),
        datetime(2026, 3, 4, 9, 30, 0, 1, tzinfo=UTC),
        datetime(2026, 3, 4, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=-11))),
        datetime(1, 1, 2, tzinfo=UTC),
    ],
    ids=str,
)
def test_a_time_comes_back_to_the_microsecond(at: datetime) -> None:
    """The same moment, told in UTC, always of the same width."""
    kept = stamp(at)
    assert unstamp(kept) == at
    assert unstamp(kept).utcoffset() == timedelta(0)
    assert len(kept) == len("2026-03-04T09:30:00.000000+00:00")


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(),
        Outcome(Stage.HELPED, ("UANN", "UBOB"), datetime(2026, 3, 4, tzinfo=UTC), ("a\0b", 'é 🔥 "x"\n'), "done"),
    ],
    ids=["empty", "full"],
)
def test_what_is_kept_comes_back_equal_and_is_written_the_same_again(outcome: Outcome) -> None:
    """An outcome is compared as it is written: two ways to write one would let nobody move it on."""
    kept = to_json(outcome)
    assert from_json(Outcome, kept) == outcome
    assert to_json(from_json(Outcome, kept)) == kept
    assert "\n" not in kept


def test_what_does_not_fit_is_an_error_and_no_half_row() -> None:
    """A stage of a newer version must not be read as some other."""
    with pytest.raises(ValueError, match="stage"):
        from_json(Outcome, '{"stage": "postponed"}')
