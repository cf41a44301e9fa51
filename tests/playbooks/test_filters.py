"""How values read."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from bot.playbooks.templates import TextError, render_plain, render_text

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "value", "shown"),
    [
        ("value | round", 74.6, "75"),
        ("value | round(1)", 74.66, "74.7"),
        ("value | number", 1234567.891, "1,234,567.89"),
        ("value | number", 50, "50"),
        ("value | percent", 100.0, "100%"),
        ("value | percent", 92.31, "92.3%"),
        ("value | bytes", 999, "999 B"),
        ("value | bytes", 1_240_000_000, "1.2 GB"),
        ("value | duration", 0.4, "0 s"),
        ("value | duration", 42 * 60, "42 min"),
        ("value | duration", 3900, "1 h 5 min"),
        ("value | duration", 86_400 + 3, "1 d"),
        ("value | duration", 2 * 86_400 + 3 * 3600, "2 d 3 h"),
        ("value | age", NOON - timedelta(hours=26), "1 d 2 h"),
        ("value | age", NOON + timedelta(seconds=3), "0 s"),
        ("value | code", ["a", "b"], "`a, b`"),
        ("value", 50.0, "50"),
        ("value", True, "yes"),
        ("value", None, "unknown"),
        ("value", ("a", "b"), "a, b"),
        ("value", NOON.date(), "2026-11-20"),
    ],
)
def test_a_value_reads_as_people_write_it(expression: str, value: Any, shown: str) -> None:
    """Two units of a duration, decimal bytes, no needless zeros; lists with commas; what is not known says so."""
    assert render_text(f"{{{{ {expression} }}}}", {"value": value, "now": NOON}) == shown


def test_a_time_is_slacks_date_in_the_thread_and_utc_elsewhere() -> None:
    """Each reader sees their own zone in Slack; a terminal or an argument gets UTC."""
    berlin = NOON.astimezone(timezone(timedelta(hours=1)))
    slack = "<!date^1795176000^{date_short_pretty} {time}|2026-11-20 12:00 UTC>"
    assert render_text("{{ at }} {{ at | time }}", {"at": berlin}) == f"{slack} {slack}"
    assert render_plain("{{ at }} {{ at | time }}", {"at": berlin}) == "2026-11-20 12:00 UTC 2026-11-20 12:00 UTC"


@pytest.mark.parametrize("name", ["round", "number", "percent", "bytes", "duration", "age", "time"])
@pytest.mark.parametrize("value", ["12", None, True, [1]])
def test_a_filter_refuses_what_it_cannot_show(name: str, value: Any) -> None:
    """A text, nothing, or a list given to a filter for numbers or times is an error, not a wrong number."""
    with pytest.raises(TextError, match=name):
        render_text(f"{{{{ value | {name} }}}}", {"value": value, "now": NOON})


@pytest.mark.parametrize("name", ["round", "duration", "time", "code"])
def test_a_filter_refuses_what_is_undefined(name: str) -> None:
    """Filters do not hide a misspelt name."""
    with pytest.raises(TextError):
        render_text(f"{{{{ nothing | {name} }}}}", {})
