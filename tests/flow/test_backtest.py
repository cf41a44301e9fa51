"""What the playbooks would have answered."""

from datetime import date

import pytest

from bot.alerts.alert import Alert
from bot.flow.backtest import backtest
from tests.flow.world import a_library, an_alert

DAY = 86_400


def at(seconds: int, text: str = "", author: str = "B1") -> Alert:
    """A message of an app, known or not."""
    return Alert(text or an_alert().text, "C1", f"{seconds}.000100", author=author)


def test_answered_and_silent_alerts_are_told_apart() -> None:
    """By playbook, and by likeness; what people wrote is only counted."""
    said = [at(0), at(10, "disk is full on db"), at(20, "disk is full on web"), at(30, "anyone for lunch?", "U1")]
    result = backtest(said, a_library())
    assert (result.total, result.answered_count, result.silent_count, result.from_people) == (4, 1, 2, 1)
    assert [len(group.alerts) for group in result.silent] == [2]
    assert result.unused == []


@pytest.mark.parametrize(
    ("answered", "silent", "percent"),
    [(0, 0, None), (0, 9, 0), (9, 0, 100), (1, 1, 50), (2, 1, 67), (1, 999, 1), (999, 1, 99)],
)
def test_a_share_is_all_or_nothing_only_when_it_is(answered: int, silent: int, percent: int | None) -> None:
    """Rounding would promise that every alert is answered, or hide that one was."""
    said = [at(n) for n in range(answered)] + [at(n, "disk is full") for n in range(silent)]
    assert backtest(said, a_library()).answered_percent == percent


def test_alerts_of_one_incident_are_one_thread() -> None:
    """Until the quiet has lasted as long as an incident may stay open."""
    (answered,) = backtest([at(0), at(60), at(120), at(10 * DAY)], a_library()).answered
    assert (len(answered.alerts), answered.incidents) == (4, 2)


def test_days_hold_both_counts() -> None:
    """In their order, UTC."""
    result = backtest([at(0), at(5, "disk is full"), at(2 * DAY)], a_library())
    assert result.days == {date(1970, 1, 1): (1, 1), date(1970, 1, 3): (1, 0)}


def test_a_playbook_that_answered_nothing_is_named() -> None:
    """It may never be needed, or not recognise what it should."""
    assert backtest([], a_library()).unused == list(a_library().playbooks.by_id)


@pytest.mark.parametrize("ts", ["", "soon", "nan", "inf", "-1e30", "1e30"])
def test_a_message_without_a_usable_time_counts_all_the_same(ts: str) -> None:
    """Exports are files that other tools wrote: one odd time does not end the whole backtest."""
    result = backtest([Alert(an_alert().text, "C1", ts, author="B1")], a_library())
    assert (result.answered_count, result.days) == (1, {date(1970, 1, 1): (1, 0)})
