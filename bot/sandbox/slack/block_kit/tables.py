"""Second floor of the Block Kit validator: table, data_table and data_visualization blocks. Data and three rules.

Sources: docs.slack.dev block pages; a message holds at most two charts and labels at most 20 characters as reported
by projects that tried it live. Where two sources differ the smaller number holds (6 series, 100 rows).
"""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.block_kit.objects import ID
from bot.sandbox.slack.block_kit.problem import CONSTRAINT, Problem
from bot.sandbox.slack.block_kit.rich_text import RICH_TEXT
from bot.sandbox.slack.block_kit.rules import Rule, array, by_type, choice, flag, number, shape, text

CHARTS_IN_MESSAGE = 2
_RAW_TEXT = shape({"type": choice("raw_text"), "text": text()})
_RAW_NUMBER = shape({"type": choice("raw_number"), "value": number(), "text": text()})
_CELL = by_type({"raw_text": _RAW_TEXT, "rich_text": RICH_TEXT, "raw_number": _RAW_NUMBER})
_HEADER_CELLS = ("raw_text", "raw_number")
_COLUMN = shape({}, {"align": choice("left", "center", "right"), "is_wrapped": flag})


def _same_width(value: dict[str, Any], pointer: str) -> Iterator[Problem]:
    rows = value.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            yield Problem(f"{pointer}/rows/{index}", CONSTRAINT, f"every row must have {len(rows[0])} cells")


def _plain_header(value: dict[str, Any], pointer: str) -> Iterator[Problem]:
    rows = value.get("rows")
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], list):
        return
    for index, cell in enumerate(rows[0]):
        if isinstance(cell, dict) and cell.get("type") not in _HEADER_CELLS:
            yield Problem(f"{pointer}/rows/0/{index}", CONSTRAINT, "a header cell must not be rich_text")


def _nullable_column(value: Any, pointer: str) -> Iterator[Problem]:
    """A column without settings may be null."""
    if value is not None:
        yield from _COLUMN(value, pointer)


TABLE = shape(
    {"type": choice("table"), "rows": array(array(_CELL, 20, least=1), 100, least=1)},
    {"block_id": ID, "column_settings": array(_nullable_column, 20)},
    _same_width,
)
DATA_TABLE = shape(
    {
        "type": choice("data_table"),
        "caption": text(),
        "rows": array(array(_CELL, 20, least=1), 101, least=2),
    },
    {
        "block_id": ID,
        "page_size": number(low=1, high=100, whole=True),
        "row_header_column_index": number(low=0, high=19, whole=True),
    },
    _same_width,
    _plain_header,
)

_LABEL = text(20)
_POINT = shape({"label": _LABEL, "value": number()})
_SEGMENT = shape({"label": _LABEL, "value": number(low=0)})
_SERIES = shape({"name": _LABEL, "data": array(_POINT, 20, least=1)})
_AXIS = shape({"categories": array(_LABEL, 20, least=1)}, {"x_label": text(50), "y_label": text(50)})


def _series_fit_axis(value: dict[str, Any], pointer: str) -> Iterator[Problem]:
    """Series have names of their own, and one point for each category."""
    series, axis = value.get("series"), value.get("axis_config")
    if not isinstance(series, list) or not isinstance(axis, dict):
        return
    categories = axis.get("categories")
    names: set[Any] = set()
    for index, one in enumerate(series):
        if not isinstance(one, dict) or not isinstance(one.get("data"), list) or not isinstance(categories, list):
            continue
        where = f"{pointer}/series/{index}"
        if str(one.get("name")) in names:
            yield Problem(f"{where}/name", CONSTRAINT, "series names must be unique")
        names.add(str(one.get("name")))
        labels = [point.get("label") for point in one["data"] if isinstance(point, dict)]
        if sorted(map(str, labels)) != sorted(map(str, categories)):
            yield Problem(f"{where}/data", CONSTRAINT, "data must hold exactly one point for each category")


def _axes(kind: str) -> Rule:
    fields = {"type": choice(kind), "series": array(_SERIES, 6, least=1), "axis_config": _AXIS}
    return shape(fields, None, _series_fit_axis)


_CHARTS: dict[str, Rule] = {kind: _axes(kind) for kind in ("line", "bar", "area")}
_CHARTS["pie"] = shape({"type": choice("pie"), "segments": array(_SEGMENT, 6, least=1)})
DATA_VISUALIZATION = shape(
    {"type": choice("data_visualization"), "title": text(50), "chart": by_type(_CHARTS)}, {"block_id": ID}
)
