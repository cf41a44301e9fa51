"""Stage 6: rows of a finding become a chart's points: short labels that differ, finite numbers. Pure.

In a step of a playbook:

    chart:
      kind: bar                    # bar compares things; line follows one over time, oldest row first
      title: Hours since the newest row
      rows: fresh.marts            # as of a table
      x: table                     # on the row: name, date or time
      y: age_hours                 # on the row: a number; arithmetic and filters work
      limit: max_age_hours         # optional, on the row or on findings: monitor.quota
      limit_name: target           # what the limit is called
      unit: h
      sum: false                   # true: each point adds to those before it, for use against a quota

Unknown numbers are gaps; the text above a chart still says what is wrong: a picture is not always seen.
Slack draws up to 20 points itself; longer charts, of at most MOST_POINTS, are sent as a picture.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import accumulate
from typing import Any

from bot.playbooks.escaping import clean
from bot.playbooks.model import RowChart
from bot.playbooks.reply import Chart, Point
from bot.playbooks.rows import row_context, row_values, rows_of
from bot.playbooks.templates import TextError, evaluate, render_plain, show_plain

MOST_POINTS = 62  # two months of days
LONGEST_LABEL = 20
LONGEST_TITLE = 50


def render_chart(chart: RowChart, values: Mapping[str, Any]) -> tuple[Chart, ...]:
    """The chart, or none where no row gives a number. A limit that is not known leaves the chart without one.

    TextError when `rows` cannot be told.
    """
    rows = rows_of(chart.rows, values)
    context = row_context(values)
    own = [context | row_values(row) for row in rows]
    numbers = [_number(chart.y, row) for row in own]
    if all(number is None for number in numbers):
        return ()
    if chart.sum:
        numbers = list(accumulate(number or 0.0 for number in numbers))
    limits = [_number(chart.limit, {**values, **row}) if chart.limit else None for row in own]
    labels = _labels([_value(chart.x, row) for row in own][-MOST_POINTS:])
    points = map(Point, labels, numbers[-MOST_POINTS:], limits[-MOST_POINTS:])
    title = clean(render_plain(chart.title, values), LONGEST_TITLE)
    more = max(0, len(rows) - MOST_POINTS)
    return (Chart(chart.kind, title, tuple(points), chart.unit, chart.limit_name, more),)


def _value(expression: str, values: Mapping[str, Any]) -> Any:
    try:
        return evaluate(expression, values)
    except TextError:
        return None  # as an unknown cell of a table; misspelt fields were refused when the playbook was loaded


def _number(expression: str, values: Mapping[str, Any]) -> float | None:
    value = _value(expression, values)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value


def _labels(values: Sequence[Any]) -> list[str]:
    """Labels of at most LONGEST_LABEL characters, no two alike."""
    texts = [_short(text) for text in _texts(values)]
    seen: Counter[str] = Counter()
    labels: list[str] = []
    for text in texts:
        seen[text] += 1
        label = text if seen[text] == 1 else _numbered(text, seen[text])
        while label in labels:
            seen[text] += 1
            label = _numbered(text, seen[text])
        labels.append(label)
    return labels


def _texts(values: Sequence[Any]) -> list[str]:
    """Times as `20 Nov`, with the hour where several are of one day; everything else as a table's cell."""
    days = [_day(value) for value in values if isinstance(value, date)]
    with_hour = len(set(days)) < len(days)
    return [_moment(value, with_hour) if isinstance(value, date) else _word(value) for value in values]


def _word(value: Any) -> str:
    try:
        return "–" if value is None else show_plain(value) or "–"
    except TextError:
        return "–"


def _day(value: date) -> str:
    at = value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value
    return f"{at.day} {at:%b}"


def _moment(value: date, with_hour: bool) -> str:
    at = value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value
    return f"{_day(value)} {at:%H:%M}" if with_hour and isinstance(at, datetime) else _day(value)


def _short(text: str) -> str:
    """Of `DATABASE.SCHEMA.TABLE` the table, where the whole is too long."""
    if len(text) > LONGEST_LABEL:
        text = text.rsplit(".", 1)[-1] or text
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1]}…"


def _numbered(text: str, number: int) -> str:
    end = f" {number}"
    return f"{text[: LONGEST_LABEL - len(end)]}{end}"
