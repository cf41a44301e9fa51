"""How values are kept: times that sort as text."""

from datetime import UTC, datetime, timedelta, timezone

from bot.store.rows import stamp, unstamp

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
