"""Rows of a finding become a chart."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.playbooks.catalogue import Catalogue
from bot.playbooks.charts import LONGEST_LABEL, MOST_POINTS, render_chart
from bot.playbooks.check import check_rendering
from bot.playbooks.model import Playbook, RowChart
from bot.playbooks.platform import Platform
from bot.playbooks.references import check_references
from bot.playbooks.render import findings_of, render
from bot.playbooks.reply import Chart, ChartKind, Point, StepState
from bot.playbooks.shared import Shared

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
CHART = """\
    chart: {kind: bar, title: Minutes running, rows: running.queries, x: user, y: running_s / 60, unit: min}
"""
Parse = Callable[..., Any]


def draw(rows: Any, **written: Any) -> Chart | None:
    """The chart of these rows, one field `n` and one `day` each unless written otherwise."""
    given = {"kind": "line", "title": "Runs", "rows": "rows", "x": "day", "y": "n", **written}
    drawn = render_chart(RowChart(**given), {"rows": rows, "platform": {}, "now": NOW, "quota": 50.0})
    return drawn[0] if drawn else None


def rows_of(*numbers: Any) -> list[dict[str, Any]]:
    """A row a day with these numbers."""
    return [{"day": date(2026, 11, 1 + at % 30), "n": number} for at, number in enumerate(numbers)]


def test_each_row_is_a_point() -> None:
    """Label, number and limit come from the row; kind, title, unit and the limit's name from the playbook."""
    chart = draw(
        [{"mart": "A.B.C", "n": 2, "most": 3}], kind="bar", x="mart", limit="most", limit_name="target", unit="h"
    )
    assert chart == Chart(ChartKind.BAR, "Runs", (Point("A.B.C", 2, 3),), "h", "target")


def test_a_limit_may_be_a_finding() -> None:
    """A quota is one number for every day; one that was not read leaves the chart without a limit."""
    drawn = draw(rows_of(1, 2), limit="quota")
    assert drawn is not None
    assert [point.limit for point in drawn.points] == [50.0, 50.0]
    unread = draw(rows_of(1), limit="monitor.quota")
    assert unread is not None
    assert unread.points[0].limit is None


def test_a_sum_grows() -> None:
    """Use against a quota adds up; a day that is not known adds nothing."""
    drawn = draw(rows_of(1.5, None, 2), sum=True)
    assert drawn is not None
    assert [point.value for point in drawn.points] == [1.5, 1.5, 3.5]


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), True, "12"])
def test_what_is_no_number_is_a_gap(value: Any) -> None:
    """An unknown value leaves a gap; a chart of gaps alone is no chart."""
    drawn = draw(rows_of(1, value))
    assert drawn is not None
    assert drawn.points[1].value is None
    assert draw(rows_of(value), sum=True) is None
    assert draw([]) is None


def test_a_row_that_does_not_fit_the_expression_is_a_gap() -> None:
    """A run that has no duration yet is a gap among the others."""
    drawn = draw(rows_of(60, None), y="n / 60")
    assert drawn is not None
    assert [point.value for point in drawn.points] == [1.0, None]


def test_labels_are_short_and_differ() -> None:
    """Of a long qualified name the last part is said, two alike are numbered, control characters are gone."""
    names = ["ECOMMERCE_ANALYTICS.MARTS.FCT_DAILY_REVENUE", "x" * 30, "x" * 30, "a\nb", None]
    drawn = draw([{"day": name, "n": 1} for name in names], x="day")
    assert drawn is not None
    labels = [point.label for point in drawn.points]
    assert labels == ["FCT_DAILY_REVENUE", "x" * 19 + "…", "x" * 18 + " 2", "a b", "–"]
    assert max(map(len, labels)) <= LONGEST_LABEL


def test_days_say_the_hour_only_where_they_must() -> None:
    """A run a day is its day; two of one day say when."""
    morning, evening = datetime(2026, 11, 20, 5, tzinfo=UTC), datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    once = draw([{"day": morning, "n": 1}])
    twice = draw([{"day": morning, "n": 1}, {"day": evening, "n": 2}])
    assert once is not None
    assert twice is not None
    assert [point.label for point in once.points] == ["20 Nov"]
    assert [point.label for point in twice.points] == ["20 Nov 05:00", "20 Nov 17:30"]


def test_the_newest_points_are_drawn() -> None:
    """A long list is cut at its beginning, and that is counted; labels are told apart among those that are drawn."""
    drawn = draw([{"day": str(at), "n": at} for at in range(MOST_POINTS + 5)])
    assert drawn is not None
    assert (len(drawn.points), drawn.more, drawn.points[0].label) == (MOST_POINTS, 5, "5")


def written(text: str, chart: str = CHART) -> str:
    """The small playbook with a chart under its second step."""
    return text.replace("  - title: Ask somebody\n", chart + "  - title: Ask somebody\n")


def test_a_step_shows_its_chart(parse: Parse, text: str, platform: Platform, all_read: Any) -> None:
    """The chart stands under its step once its rows are read, and says nothing before."""
    playbook = parse(written(text))[0]
    reply = render(playbook, {}, all_read, platform, NOW)
    (chart,) = reply.steps[1].charts
    assert chart.points == (Point("ANALYST_KIM", 90.0),)
    assert render(playbook, {}, {}, platform, NOW).steps[1].charts == ()
    assert reply.offers()


def test_a_chart_counts_among_the_findings_of_its_step(parse: Parse, text: str, platform: Platform) -> None:
    """A step with a chart alone looks until its rows and its limit are read."""
    only = CHART.replace("unit: min", "limit: monitor.used")
    playbook: Playbook = parse(text.replace("steps:\n", f"steps:\n  - title: Look\n{only}"))[0]
    assert findings_of(playbook, playbook.steps[0]) == ("monitor", "running")
    assert render(playbook, {}, {}, platform, NOW).steps[0].state is StepState.LOOKING


WRONG = {
    "title: Minutes running": ("title: '{{ nobody }}'", "nothing here is called `nobody`"),
    "rows: running.queries": ("rows: running.querys", "there is no `running.querys`"),
    "x: user": ("x: usr", "nothing here is called `usr`"),
    "y: running_s / 60": ("y: running_x / 60", "nothing here is called `running_x`"),
    "unit: min": ("limit: monitor.quotas", "there is no `monitor.quotas`"),
}


@pytest.mark.parametrize(("right", "wrong", "message"), [(right, *rest) for right, rest in WRONG.items()])
def test_misspelt_names_are_told_at_load(
    parse: Parse, text: str, platform: Platform, catalogue: Catalogue, right: str, wrong: str, message: str
) -> None:
    """Each part of a chart is checked as a table is, with the line it stands on."""
    playbook, document = parse(written(text, CHART.replace(right, wrong)))
    problems = check_references(playbook, document, catalogue, platform, Shared())
    assert [problem.message for problem in problems] == [message]
    assert problems[0].line == written(text).splitlines().index(CHART.rstrip()) + 1


def test_a_chart_that_typical_facts_do_not_fill_is_told(
    parse: Parse, text: str, platform: Platform, catalogue: Catalogue
) -> None:
    """A `y` that is a name instead of a number would never be drawn, so the check finds it."""
    playbook = parse(written(text, CHART.replace("running_s / 60", "user")))[0]
    found = list(check_rendering(playbook, platform, catalogue))
    assert (("steps", 1, "chart"), "with typical facts no row gives this chart a number") in found


def test_rows_that_are_no_list_are_an_error_of_the_step(
    parse: Parse, text: str, platform: Platform, all_read: Any, read: Callable[..., Any]
) -> None:
    """The step says so and the rest of the reply stands."""
    playbook = parse(written(text))[0]
    readings = all_read | {"running": read(replace(all_read["running"].facts, queries=7))}
    step = render(playbook, {}, readings, platform, NOW).steps[1]
    assert step.state is StepState.UNREAD
    assert "not a list of rows" in step.unread[0]
