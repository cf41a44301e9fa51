"""Charts in words and characters."""

from typing import Any

from bot.playbooks.chart_text import describe_chart, draw_chart
from bot.playbooks.reply import Chart, ChartKind, Point

MARTS = (Point("FCT_DAILY_REVENUE", 55.5, 24.0), Point("DIM_CUSTOMERS", 6.0, 24.0), Point("FCT_EMPTY", None, 24.0))


def chart(*points: Point, **changes: Any) -> Chart:
    """Bars of hours with a target unless said otherwise."""
    given: dict[str, Any] = {"kind": ChartKind.BAR, "title": "Hours old", "unit": "h", "limit_name": "target"}
    return Chart(points=points or MARTS, **(given | changes))


def course(*values: float | None) -> Chart:
    """A line of runs."""
    return chart(*(Point(f"run {at}", value) for at, value in enumerate(values)), kind=ChartKind.LINE, unit="min")


def test_bars_are_all_said() -> None:
    """Whoever hears the chart gets every thing, its number and its limit."""
    assert describe_chart(chart()) == (
        "Hours old: FCT_DAILY_REVENUE 55.5 h (target 24 h), DIM_CUSTOMERS 6 h (target 24 h), FCT_EMPTY unknown"
    )
    assert len(describe_chart(chart(), 60)) <= 60


def test_a_course_is_said_by_its_end_and_extremes() -> None:
    """Last, highest and lowest, each named once."""
    assert describe_chart(course(5, 9, 2, 4)) == "Hours old: last run 3 4 min, highest run 1 9 min, lowest run 2 2 min"
    assert describe_chart(course(1, 2)) == "Hours old: last run 1 2 min, lowest run 0 1 min"
    assert describe_chart(course(None, 2, None)) == "Hours old: last run 1 2 min"


def test_bars_are_drawn_to_scale() -> None:
    """The longest fills its cell, others in proportion; who is over the limit says so; a gap is said."""
    lines = draw_chart(chart())
    assert lines == (
        "FCT_DAILY_REVENUE ████████████ 55.5 h > 24",
        "DIM_CUSTOMERS     █▎           6 h",
        "FCT_EMPTY                      unknown",
    )


def test_nothing_is_drawn_of_nothing() -> None:
    """Zeros and negative numbers have no bar, and do not divide by zero."""
    assert draw_chart(chart(Point("a", 0.0), Point("b", -1.0))) == ("a              0 h", "b              -1 h")


def test_many_bars_are_cut_and_counted() -> None:
    """A phone shows a dozen; the rest is counted."""
    lines = draw_chart(chart(*(Point(str(at), 1.0) for at in range(15)), more=2))
    assert len(lines) == 13
    assert lines[-1] == "… 5 more"


def test_a_long_course_is_one_line_of_marks() -> None:
    """Each mark is a share of the highest; at most forty of them, each the highest of those that it stands for."""
    marks, ends, words = draw_chart(course(*range(20)))
    assert (len(marks), marks[0], marks[-1]) == (20, "▁", "█")
    assert (ends, words) == ("run 0 to run 19", "last 19 min, highest 19 min (run 19)")
    crowded = draw_chart(course(*([0.0] * 60 + [7.0])))[0]
    assert (len(crowded), crowded[-1]) == (31, "█")
    assert draw_chart(course(*([None] * 13 + [1.0])))[0] == " " * 13 + "█"
