"""Slack's rich_text, table and chart blocks as lines of plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from bot.sandbox.mrkdwn import clean

Json = dict[str, Any]
WIDEST_CELL = 48


def rich_text_lines(block: Json, names: Mapping[str, str]) -> Iterator[str]:
    """Each paragraph, list item, quote and code line of a rich_text block."""
    for element in block.get("elements", []):
        kind = element.get("type")
        if kind == "rich_text_list":
            for number, item in enumerate(element.get("elements", []), start=1):
                mark = f"{number}." if element.get("style") == "ordered" else "•"
                yield f"{'  ' * int(element.get('indent', 0))}{mark} {inline(item, names)}"
        else:
            prefix = {"rich_text_quote": "▏ ", "rich_text_preformatted": "    "}.get(kind, "")
            for line in inline(element, names).rstrip("\n").split("\n"):
                yield prefix + line


def inline(element: Json, names: Mapping[str, str]) -> str:
    """The text of one section's pieces."""
    return "".join(_piece(piece, names) for piece in element.get("elements", []))


def _piece(piece: Json, names: Mapping[str, str]) -> str:
    kind = piece.get("type")
    if kind == "link":
        text, url = clean(piece.get("text", "")), clean(piece.get("url", ""))
        return f"{text} ({url})" if text and text != url else url
    if kind in ("user", "channel", "usergroup"):
        sign = "#" if kind == "channel" else "@"
        return sign + names.get(piece.get(f"{kind}_id", ""), clean(str(piece.get(f"{kind}_id", ""))))
    if kind == "emoji":
        return f":{clean(piece.get('name', ''))}:"
    if kind == "broadcast":
        return f"@{clean(piece.get('range', ''))}"
    text = clean(str(piece.get("text", piece.get("fallback", ""))))
    return f"`{text}`" if piece.get("style", {}).get("code") else text


def table_lines(block: Json, names: Mapping[str, str]) -> Iterator[str]:
    """A table's rows, columns aligned; long cells are cut."""
    rows = [[_cell(cell, names) for cell in row] for row in block.get("rows", [])]
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    for row in rows:
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)).rstrip()


def _cell(cell: Json, names: Mapping[str, str]) -> str:
    lines = rich_text_lines(cell, names) if cell.get("type") == "rich_text" else [clean(str(cell.get("text", "")))]
    text = " ".join(lines).replace("\n", " ")
    return text if len(text) <= WIDEST_CELL else f"{text[: WIDEST_CELL - 1]}…"


def chart_lines(block: Json) -> Iterator[str]:
    """A chart's title and the numbers of each series, or of a pie's segments (a terminal draws no lines)."""
    yield f"📈 {clean(str(block.get('title', 'chart')))}"
    chart = block.get("chart", block)
    for series in chart.get("series", []):
        yield f"   {clean(str(series.get('name', '')))}: {_points(series.get('data', []))}"
    if segments := chart.get("segments"):
        yield f"   {_points(segments)}"


def _points(points: list[Json]) -> str:
    return ", ".join(f"{clean(str(point.get('label', '')))} {point.get('value')}" for point in points[-6:])
