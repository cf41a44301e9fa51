"""Stage 6: a chart as SVG, for where a picture can be shown: light, large type, read on a phone. Pure.

Things that are compared lie one below the other, so that their names can be read; a course runs from left to right.
Text is set in `FONT`, which whoever rasters the picture has to have.
"""

from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree

from bot.playbooks.chart_scale import round_steps
from bot.playbooks.chart_text import is_over, say_number
from bot.playbooks.filters import number
from bot.playbooks.reply import Chart, ChartKind, Point

FONT = "DejaVu Sans"
WIDTH = 800
_COURSE_HEIGHT = 440
_MOST_THINGS = 20
_ROW = 44
_INK, _FAINT, _GRID, _PAPER = "#1d2733", "#5b6875", "#dde3e9", "#ffffff"
_GOOD, _BAD = "#2f6db5", "#c8322b"
_SIZE = 22


def draw_svg(chart: Chart) -> str:
    """The picture, WIDTH wide, as the text of an SVG file. Values that pass their limit are red."""
    if chart.kind is ChartKind.BAR and len(chart.points) <= _MOST_THINGS:
        height = 96 + _ROW * len(chart.points) + 14
        drawn = _things(chart, height)
    else:
        height = _COURSE_HEIGHT
        drawn = _course(chart, height)
    root = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": str(WIDTH),
            "height": str(height),
            "viewBox": f"0 0 {WIDTH} {height}",
            "font-family": FONT,
            "font-size": str(_SIZE),
            "fill": _INK,
        },
    )
    root.append(_box(0, 0, WIDTH, height, _PAPER))
    root.append(_words(24, 40, chart.title, size=26))
    root.extend(drawn)
    return ElementTree.tostring(root, encoding="unicode")


def _things(chart: Chart, height: float) -> Iterator[ElementTree.Element]:
    """A bar a point from the left, its name before it, its number behind it, its limit as a mark across it."""
    left, right = 30 + 13.2 * max(len(point.label) for point in chart.points), WIDTH - 130
    top = _top(chart.points)
    scale = (right - left) / top
    limited = [point for point in chart.points if point.limit is not None]
    if limited:
        yield _line(28, 56, 28, 76, _INK, 4)
        yield _words(38, 73, _limit_words(chart), colour=_FAINT, size=19)
    for row, point in enumerate(chart.points):
        y = 96 + row * _ROW
        yield _words(left - 10, y + 23, point.label, anchor="end", size=20)
        if point.value is None:
            yield _words(left + 6, y + 23, "unknown", colour=_FAINT, size=20)
        else:
            width = max(0.0, point.value) * scale
            yield _box(left, y, max(width, 2), 30, _BAD if is_over(point) else _GOOD)
            yield _words(left + width + 8, y + 23, say_number(point.value, chart.unit), size=20)
        if point.limit is not None:
            yield _line(left + point.limit * scale, y - 5, left + point.limit * scale, y + 35, _INK, 4)
    yield _line(left, 88, left, height - 14, _FAINT, 2)


def _course(chart: Chart, height: float) -> Iterator[ElementTree.Element]:
    """Points from left to right over a scale that begins at zero, the limit as a broken line."""
    steps = round_steps(_top(chart.points))
    left, right, roof, floor = 40 + 13 * max(len(number(step)) for step in steps), WIDTH - 40, 96, height - 56
    scale = (floor - roof) / steps[-1]
    places = _places(chart, left, right)
    for step in steps:
        yield _line(left, floor - step * scale, right, floor - step * scale, _GRID, 2)
        yield _words(left - 10, floor - step * scale + 7, number(step), anchor="end", colour=_FAINT, size=19)
    heights = [None if point.value is None else floor - max(0.0, point.value) * scale for point in chart.points]
    yield from _columns(chart, places, heights, floor) if chart.kind is ChartKind.BAR else _path(places, heights)
    yield from _limits(chart, places, floor, scale)
    yield from _ends(chart, places, height)
    yield from _newest(chart, left)


def _places(chart: Chart, left: float, right: float) -> list[float]:
    width = (right - left) / len(chart.points)
    return [left + width * (at + 0.5) for at in range(len(chart.points))]


def _columns(
    chart: Chart, places: list[float], heights: list[float | None], floor: float
) -> Iterator[ElementTree.Element]:
    width = (places[-1] - places[0]) / max(1, len(places) - 1) * 0.7
    for point, x, y in zip(chart.points, places, heights, strict=True):
        if y is not None:
            yield _box(x - width / 2, min(y, floor - 2), width, max(2, floor - y), _BAD if is_over(point) else _GOOD)


def _path(places: list[float], heights: list[float | None]) -> Iterator[ElementTree.Element]:
    """A gap breaks the line: what is not known is not drawn."""
    for (x, y), (next_x, next_y) in pairwise(zip(places, heights, strict=True)):
        if y is not None and next_y is not None:
            yield _line(x, y, next_x, next_y, _GOOD, 4)
    for x, height in zip(places, heights, strict=True):
        if height is not None:
            yield ElementTree.Element("circle", {"cx": _say(x), "cy": _say(height), "r": "5", "fill": _GOOD})


def _limits(chart: Chart, places: list[float], floor: float, scale: float) -> Iterator[ElementTree.Element]:
    """The limit from point to point, broken; named once, above the scale."""
    half = (places[1] - places[0]) / 2 if len(places) > 1 else 60.0
    for first, last, limit in _stretches(chart, places):
        line = _line(first - half, floor - limit * scale, last + half, floor - limit * scale, _INK, 3)
        line.set("stroke-dasharray", "12 7")
        yield line
    if any(point.limit is not None for point in chart.points):
        yield _words(WIDTH - 40, 76, f"– – {_limit_words(chart)}", anchor="end", size=19)


def _stretches(chart: Chart, places: list[float]) -> list[tuple[float, float, float]]:
    """From where to where the limit stays the same: first place, last place, limit."""
    found: list[tuple[float, float, float]] = []
    limits = [point.limit for point in chart.points]
    for at, (limit, x) in enumerate(zip(limits, places, strict=True)):
        if limit is None:
            continue
        if at and limits[at - 1] == limit:
            found[-1] = (found[-1][0], x, limit)
        else:
            found.append((x, x, limit))
    return found


def _newest(chart: Chart, left: float) -> Iterator[ElementTree.Element]:
    """The last known number in words, above the scale, where no bar or line can run through it."""
    newest = [point for point in chart.points if point.value is not None][-1]
    said = f"{newest.label}: {say_number(newest.value or 0.0, chart.unit)}"
    yield _words(left, 76, said, colour=_BAD if is_over(newest) else _INK, size=20)


def _ends(chart: Chart, places: list[float], height: float) -> Iterator[ElementTree.Element]:
    """The first, the middle and the last point's names below the scale, moved in from the paper's edges."""
    last = len(places) - 1
    for at in sorted({0, last // 2 if last > 1 else last, last}):
        half = 5.9 * len(chart.points[at].label) + 8
        x = min(max(places[at], half), WIDTH - half)
        yield _words(x, height - 22, chart.points[at].label, anchor="middle", colour=_FAINT, size=19)


def _limit_words(chart: Chart) -> str:
    limits = {point.limit for point in chart.points if point.limit is not None}
    return f"{chart.limit_name} {say_number(max(limits), chart.unit)}" if len(limits) == 1 else chart.limit_name


def _top(points: tuple[Point, ...]) -> float:
    return max(max(point.value or 0.0, point.limit or 0.0) for point in points) or 1.0


def _box(x: float, y: float, width: float, height: float, fill: str) -> ElementTree.Element:
    place = {"x": _say(x), "y": _say(y), "width": _say(width), "height": _say(height)}
    return ElementTree.Element("rect", {**place, "fill": fill})


def _line(x: float, y: float, to_x: float, to_y: float, colour: str, width: float) -> ElementTree.Element:
    ends = {"x1": _say(x), "y1": _say(y), "x2": _say(to_x), "y2": _say(to_y)}
    return ElementTree.Element("line", {**ends, "stroke": colour, "stroke-width": _say(width)})


def _words(
    x: float, y: float, text: str, *, anchor: str = "start", colour: str = _INK, size: int = _SIZE
) -> ElementTree.Element:
    place = {"x": _say(x), "y": _say(y), "text-anchor": anchor, "fill": colour, "font-size": str(size)}
    words = ElementTree.Element("text", place)
    words.text = text
    return words


def _say(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
