"""Stage 6: a chart in words and as lines of characters, where no picture can be. Pure.

Lines are plain text, for a fixed-width font; whoever shows them escapes them.
"""

from bot.playbooks.escaping import clean
from bot.playbooks.filters import number
from bot.playbooks.reply import Chart, ChartKind, Point

_EIGHTHS = " ▏▎▍▌▋▊▉"
_LEVELS = "▁▂▃▄▅▆▇█"
_BAR = 12
_MOST_BARS = 12
_SPARKS = 40


def say_number(value: float, unit: str) -> str:
    """`55.5 h`, `51%`: as precise as a picture can be."""
    said = _number(value)
    return f"{said}{unit}" if unit == "%" else f"{said} {unit}".rstrip()


def _number(value: float) -> str:
    return number(round(value, 1) if abs(value) >= 10 else value)


def is_over(point: Point) -> bool:
    """True where the value has passed its limit."""
    return point.value is not None and point.limit is not None and point.value > point.limit


def describe_chart(chart: Chart, longest: int = 300) -> str:
    """The chart as one sentence: for comparing things each of them, for a course its last, highest and lowest value."""
    known = [point for point in chart.points if point.value is not None]
    if chart.kind is ChartKind.BAR:
        said = [_point(chart, point) for point in chart.points]
    else:
        highest, lowest = max(known, key=_value), min(known, key=_value)
        said = [f"last {_point(chart, known[-1])}"]
        said += [f"highest {_point(chart, highest)}"] if highest is not known[-1] else []
        said += [f"lowest {_point(chart, lowest)}"] if lowest not in {highest, known[-1]} else []
    return clean(f"{chart.title}: {', '.join(said)}", longest)


def draw_chart(chart: Chart) -> tuple[str, ...]:
    """At most 13 lines of about 44 characters: bars of a few things, or one line of marks for a long course."""
    shown = chart.points[-_MOST_BARS:]
    if chart.kind is ChartKind.LINE and len(chart.points) > _MOST_BARS:
        return _spark(chart)
    width = max(len(point.label) for point in shown)
    top = _top(shown)
    lines = [f"{point.label.ljust(width)} {_bar(point, top)} {_said(chart, point)}" for point in shown]
    left = len(chart.points) - len(shown) + chart.more
    return (*lines, f"… {left} more") if left else tuple(lines)


def _point(chart: Chart, point: Point) -> str:
    if point.value is None:
        return f"{point.label} unknown"
    over = f" ({chart.limit_name} {say_number(point.limit, chart.unit)})" if point.limit is not None else ""
    return f"{point.label} {say_number(point.value, chart.unit)}{over}"


def _said(chart: Chart, point: Point) -> str:
    if point.value is None:
        return "unknown"
    over = f" > {_number(point.limit)}" if point.limit is not None and is_over(point) else ""
    return f"{say_number(point.value, chart.unit)}{over}"


def _bar(point: Point, top: float) -> str:
    eighths = round(max(point.value or 0.0, 0.0) / top * _BAR * 8) if top else 0
    full, rest = divmod(eighths, 8)
    return ("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(_BAR)


def _top(points: tuple[Point, ...]) -> float:
    return max((max(point.value or 0.0, point.limit or 0.0) for point in points), default=0.0)


def _spark(chart: Chart) -> tuple[str, ...]:
    """One mark a point; several points share one, which shows the highest of them, where there are too many."""
    share = -(-len(chart.points) // _SPARKS)
    groups = [chart.points[at : at + share] for at in range(0, len(chart.points), share)]
    top = _top(chart.points)
    marks = "".join(
        _mark(max((_value(point) for point in group if point.value is not None), default=None), top) for group in groups
    )
    first, last = chart.points[0], chart.points[-1]
    known = [point for point in chart.points if point.value is not None]
    highest = max(known, key=_value)
    return (
        marks,
        f"{first.label} to {last.label}",
        f"last {_said(chart, known[-1])}, highest {_said(chart, highest)} ({highest.label})",
    )


def _mark(value: float | None, top: float) -> str:
    if value is None:
        return " "
    return _LEVELS[min(7, int(max(value, 0.0) / top * 7.999))] if top else _LEVELS[0]


def _value(point: Point) -> float:
    return point.value if point.value is not None else 0.0
