"""Charts as pictures: what stands in the SVG."""

from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from bot.playbooks.chart_scale import round_steps
from bot.playbooks.chart_svg import WIDTH, draw_svg
from bot.playbooks.reply import Chart, ChartKind, Point

RED, BLUE = "#c8322b", "#2f6db5"


def drawn(chart: Chart) -> ElementTree.Element:
    """The picture, read back as XML."""
    return ElementTree.fromstring(draw_svg(chart))  # noqa: S314 - made here


def all_of(picture: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """Elements of one kind."""
    return picture.findall(f"{{http://www.w3.org/2000/svg}}{name}")


def words(picture: ElementTree.Element) -> list[str]:
    """Every text."""
    return [each.text or "" for each in all_of(picture, "text")]


def bars(picture: ElementTree.Element) -> list[tuple[str, float]]:
    """Colour and width of every bar; the first rectangle is the paper."""
    return [(each.get("fill", ""), float(each.get("width", ""))) for each in all_of(picture, "rect")[1:]]


def test_things_lie_below_each_other_with_name_number_and_limit() -> None:
    """What passes its limit is red, what is unknown is said, widths are in proportion."""
    points = (Point("REVENUE", 48.0, 24.0), Point("CUSTOMERS", 12.0, 24.0), Point("EMPTY", None, 24.0))
    picture = drawn(Chart(ChartKind.BAR, "Hours old", points, "h", "target"))
    assert words(picture) == ["Hours old", "target 24 h", "REVENUE", "48 h", "CUSTOMERS", "12 h", "EMPTY", "unknown"]
    (bad, long), (good, short) = bars(picture)
    assert (bad, good) == (RED, BLUE)
    assert long == pytest.approx(4 * short, rel=0.01)


def test_nothing_is_drawn_beyond_the_paper() -> None:
    """Long names, numbers, limits above every value and values below zero stay inside."""
    points = (Point("W" * 20, 123456.78, 999999.0), Point("b", -5.0, None))
    for kind in ChartKind:
        picture = drawn(Chart(kind, "T", points, "credits"))
        edges = [float(each.get(name, "0")) for each in picture.iter() for name in ("x", "x1", "x2", "cx", "y1", "y2")]
        assert min(edges) >= 0
        assert max(edges) <= WIDTH


def test_a_course_says_its_last_number_and_its_ends() -> None:
    """Scale, limit, newest number, and the names of first, middle and last point."""
    points = tuple(Point(f"{day} Nov", float(day), 20.0) for day in range(1, 24))
    picture = drawn(Chart(ChartKind.LINE, "Credits", points, "credits", "quota"))
    said = words(picture)
    assert said[1:6] == ["0", "10", "20", "30", "– – quota 20 credits"]
    assert said[6:] == ["1 Nov", "12 Nov", "23 Nov", "23 Nov: 23 credits"]
    assert len(all_of(picture, "circle")) == 23


def test_a_gap_breaks_the_line() -> None:
    """What is not known is not drawn, and not bridged."""
    points = tuple(Point(str(at), value) for at, value in enumerate((1.0, 2.0, None, 4.0)))
    picture = drawn(Chart(ChartKind.LINE, "Runs", points))
    assert len([line for line in all_of(picture, "line") if line.get("stroke") == BLUE]) == 1
    assert len(all_of(picture, "circle")) == 3


def test_many_bars_stand_side_by_side() -> None:
    """A month of days does not fit below each other."""
    points = tuple(Point(str(day), 9.0 if day == 3 else 1.0, 5.0) for day in range(30))
    picture = drawn(Chart(ChartKind.BAR, "Credits a day", points))
    assert [colour for colour, _ in bars(picture)].count(RED) == 1
    assert len(bars(picture)) == 30


def test_hostile_names_are_text() -> None:
    """A name cannot become an element."""
    picture = drawn(Chart(ChartKind.BAR, "</text><script>", (Point("<image href='x'/>", 1.0),)))
    assert "<image href='x'/>" in words(picture)
    assert {each.tag.rpartition("}")[2] for each in picture.iter()} == {"svg", "rect", "text", "line"}


@pytest.mark.parametrize("top", [0.001, 0.3, 1, 7, 20, 50.4, 99, 100, 1234.5, 1e9])
def test_scales_are_round_and_reach_the_top(top: float) -> None:
    """Three to five even steps from zero, the last at or above everything."""
    steps = round_steps(top)
    assert steps[0] == 0
    assert top <= steps[-1] * (1 + 1e-9)
    assert 3 <= len(steps) - 1 <= 5 or len(steps) == 3
    widths = {round((b - a) / steps[1], 6) for a, b in pairwise(steps)}
    assert widths == {1.0}


def test_one_point_alone_is_drawn() -> None:
    """A single run, of zero length even, is a picture too."""
    chart: dict[str, Any] = {"title": "One", "points": (Point("1 Nov", 0.0, 0.0),)}
    for kind in ChartKind:
        assert "1 Nov" in " ".join(words(drawn(Chart(kind, **chart))))
