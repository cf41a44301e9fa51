"""rich_text, tables and charts in a terminal: every piece as plain text, hostile characters taken out."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.rich_text import WIDEST_CELL, chart_lines, inline, rich_text_lines, table_lines

NAMES = {"U1": "nadia", "C1": "data-eng", "S1": "data-oncall"}
PIECES: list[tuple[dict[str, Any], str]] = [
    ({"type": "text", "text": "a < b"}, "a < b"),
    ({"type": "text", "text": "x", "style": {"code": True}}, "`x`"),
    ({"type": "text", "text": "\x1b[31mred\x07"}, "[31mred"),
    ({"type": "link", "url": "https://e.com", "text": "log"}, "log (https://e.com)"),
    ({"type": "link", "url": "https://e.com", "text": "https://e.com"}, "https://e.com"),
    ({"type": "link", "url": "https://e.com"}, "https://e.com"),
    ({"type": "user", "user_id": "U1"}, "@nadia"),
    ({"type": "user", "user_id": "U9"}, "@U9"),
    ({"type": "channel", "channel_id": "C1"}, "#data-eng"),
    ({"type": "usergroup", "usergroup_id": "S1"}, "@data-oncall"),
    ({"type": "emoji", "name": "fire"}, ":fire:"),
    ({"type": "broadcast", "range": "here"}, "@here"),
    ({"type": "date", "timestamp": 1, "fallback": "1970"}, "1970"),
    ({"type": "unheard_of"}, ""),
    ({}, ""),
]


@pytest.mark.parametrize(("piece", "shown"), PIECES)
def test_a_piece_is_shown(piece: dict[str, Any], shown: str) -> None:
    """Each kind of piece, with names for ids that are known and without control characters."""
    assert inline({"elements": [piece]}, NAMES) == shown


def section(*texts: str) -> list[dict[str, Any]]:
    """Text pieces."""
    return [{"type": "text", "text": text} for text in texts]


def lines(kind: str, elements: list[dict[str, Any]], **fields: Any) -> list[str]:
    """The lines of a block with one element."""
    return list(rich_text_lines({"elements": [{"type": kind, "elements": elements, **fields}]}, NAMES))


def test_paragraphs_quotes_and_code_have_their_marks() -> None:
    """Every line of a quote and of code is marked; an end of line at the end is no line of its own."""
    assert lines("rich_text_section", section("a\nb\n")) == ["a", "b"]
    assert lines("rich_text_quote", section("a\n", "b")) == ["▏ a", "▏ b"]
    assert lines("rich_text_preformatted", section("a\n  b")) == ["    a", "      b"]
    assert list(rich_text_lines({}, NAMES)) == []


@pytest.mark.parametrize(
    ("style", "indent", "shown"), [("bullet", 0, ["• a", "• b"]), ("ordered", 2, ["    1. a", "    2. b"])]
)
def test_lists_are_marked_and_indented(style: str, indent: int, shown: list[str]) -> None:
    """Bullets or numbers, two blanks a level."""
    items = [{"type": "rich_text_section", "elements": section(text)} for text in "ab"]
    assert lines("rich_text_list", items, style=style, indent=indent) == shown


def cell(text: str) -> dict[str, Any]:
    """A raw_text cell."""
    return {"type": "raw_text", "text": text}


def test_a_tables_columns_are_aligned() -> None:
    """Each as wide as its widest cell; rows of other lengths do not break it; the end of a line is bare."""
    rows = [[cell("name"), cell("n")], [cell("x"), cell("12")], [cell("long name")]]
    assert list(table_lines({"rows": rows}, NAMES)) == ["name       n", "x          12", "long name"]
    assert list(table_lines({}, NAMES)) == []


def test_a_long_or_broken_cell_stays_on_its_line() -> None:
    """A cell is cut at its width, and ends of line in it are blanks."""
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": section("a\nb")}]}
    exact, long = "x" * WIDEST_CELL, "x" * (WIDEST_CELL + 1)
    shown = list(table_lines({"rows": [[cell(exact)], [cell(long)], [rich], [cell("a\nb")]]}, NAMES))
    assert shown == [exact, "x" * (WIDEST_CELL - 1) + "…", "a b", "a b"]


CHARTS: list[tuple[dict[str, Any], list[str]]] = [
    (
        {"type": "line", "series": [{"name": "lag", "data": [{"label": str(n), "value": n} for n in range(8)]}]},
        ["   lag: 2 2, 3 3, 4 4, 5 5, 6 6, 7 7"],
    ),
    ({"type": "bar", "series": [{"name": n, "data": []} for n in "ab"]}, ["   a: ", "   b: "]),
    ({"type": "pie", "segments": [{"label": "KIM", "value": 31}, {"label": "BOT", "value": 2}]}, ["   KIM 31, BOT 2"]),
    ({"type": "line"}, []),
]


@pytest.mark.parametrize(("chart", "shown"), CHARTS)
def test_a_chart_is_its_numbers(chart: dict[str, Any], shown: list[str]) -> None:
    """The last six points of each series, all segments of a pie."""
    assert list(chart_lines({"title": "Lag", "chart": chart})) == ["📈 Lag", *shown]
