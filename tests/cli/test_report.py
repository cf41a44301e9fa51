"""The backtest as a page: figures that can be believed, bounded lists, nothing of an alert that a browser obeys."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.alerts.alert import Alert
from bot.alerts.likeness import Alike
from bot.cli.report import MOST_BARS, MOST_GROUPS, render_report, write_report
from bot.errors import RunbookError
from bot.playbooks.charts import MOST_POINTS
from tests.cli.builders import MONDAY, alert, answered, result

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def page(**changes: Any) -> str:
    """The page of that backtest."""
    return render_report(result(**changes), "an export", NOW)


def charts(text: str) -> list[str]:
    """What each chart says to somebody who does not see it."""
    return re.findall(r"<svg.*?</svg>", text, re.DOTALL)


def test_nothing_at_all_is_a_page_too() -> None:
    """No division by no alert, and words instead of empty tables."""
    text = page()
    assert "<b>0%</b>of 0 alerts answered" in text
    assert "no playbook recognises any of these messages" in text
    assert "every alert has its playbook" in text
    assert charts(text) == []
    assert "written 2026-11-23 09:30 UTC" in text


def test_figures_are_those_of_the_backtest() -> None:
    """Share, threads, groups, what people wrote, and which playbook was of no use."""
    silent = [Alike(frozenset(), [alert("a"), alert("b")])]
    text = page(total=9, answered=[answered()], silent=silent, from_people=6, unused=["never"])
    assert "<b>33%</b>of 3 alerts answered" in text
    assert "<b>1</b>threads for 1 alerts" in text
    assert "<b>2</b>alerts in 1 groups without an answer" in text
    assert "messages read, 6 of people without an answer" in text
    assert "Answered nothing: never" in text


@pytest.mark.parametrize(
    ("gaps", "unit"),
    [
        ((1, 2), "day"),
        ((2, 5), "day"),
        ((MOST_POINTS - 1,), "day"),
        ((MOST_POINTS,), "week"),
        ((7, 400), "week"),
    ],
    ids=["every day", "with gaps", "just fits", "one too many", "more than a year"],
)
def test_the_chart_says_what_a_point_is(gaps: tuple[int, ...], unit: str) -> None:
    """A day while the days fit, also where nothing came on some of them; a week where they do not."""
    days = {MONDAY + timedelta(days=gap): (1, 2) for gap in (0, *gaps)}
    first, second = charts(page(days=days))
    assert f"Alerts a {unit}, answered" in first
    assert f"Alerts a {unit}, silent" in second


def test_one_day_needs_no_chart_of_days() -> None:
    """A line of one point says nothing."""
    assert charts(page(days={MONDAY: (3, 1)})) == []


def test_the_newest_weeks_are_shown_however_old_the_first_alert_is() -> None:
    """One message with a broken time stands in 1970: it must not push out what everybody wants to see."""
    days = {date(1970, 1, 1): (1, 0), MONDAY: (5, 0), MONDAY + timedelta(days=7): (0, 4)}
    first, _ = charts(page(days=days))
    assert "70" not in re.findall(r"\d\d \w{3} (\d\d)", first)
    assert "Nov 26" in first


def test_lists_are_bounded_and_say_so() -> None:
    """Hundreds of groups and playbooks do not make a page that no browser opens."""
    silent = [Alike(frozenset(), [alert(f"kind {n}")]) for n in range(MOST_GROUPS + 5)]
    many = [answered(f"playbook_{n:02}") for n in range(MOST_BARS + 3)]
    text = page(silent=silent, answered=many)
    assert text.count('class="bar"') == MOST_GROUPS
    assert "… and 5 smaller groups." in text
    (chart,) = charts(text)
    assert f"playbook_{MOST_BARS - 1:02}" in chart
    assert f"playbook_{MOST_BARS:02}" not in chart
    assert f"<td>playbook_{MOST_BARS + 2:02}</td>" in text


def test_examples_are_the_newest_different_ones() -> None:
    """Three texts, each once and none without end."""
    texts = ["oldest", "same", "same", "long " + "x" * 5_000, "newest"]
    text = page(silent=[Alike(frozenset(), [alert(one) for one in texts])])
    shown = re.findall(r"<pre>(.*?)</pre>", text)
    assert [one[:6] for one in shown] == ["newest", "long x", "same"]
    assert len(shown[1]) == 2_000


HOSTILE = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7 * 7 }}"


def test_nothing_of_an_alert_is_obeyed() -> None:
    """Texts, names of playbooks, values and the source are words to the browser and to the template."""
    whole = result(
        answered=[answered(HOSTILE, alert(HOSTILE), entities={HOSTILE: 2})],
        silent=[Alike(frozenset(), [alert(HOSTILE)])],
        unused=[HOSTILE],
        days={MONDAY: (1, 1), MONDAY + timedelta(days=1): (1, 0)},
    )
    text = render_report(whole, HOSTILE, NOW)
    assert "<script" not in text
    assert "<img" not in text
    assert "49" not in re.sub(r"<svg.*?</svg>|<style.*?</style>", "", text, flags=re.DOTALL)


def test_an_alert_without_a_time_has_no_day() -> None:
    """The row is there, its day is empty."""
    text = page(silent=[Alike(frozenset(), [Alert("disk is full", "ops", "not a time")])])
    assert '<td class="day"></td><td class="day"></td>' in text


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """With the system's reason."""
    with pytest.raises(RunbookError, match=r"report\.html cannot be written: No such file"):
        write_report(result(), tmp_path / "nowhere" / "report.html", "an export")
    write_report(result(), tmp_path / "report.html", "an export")
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
