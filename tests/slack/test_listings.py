"""Many rows, a page at a time."""

from typing import Any

import pytest

from bot.flow.run_query import Diagnosis
from bot.playbooks.reply import Table
from bot.sandbox.slack.block_kit import MESSAGE_CHARACTERS, characters, validate_message
from bot.slack.listings import ROWS_A_PAGE, Listing, build_listing


def listing(make: Any, rows: int, page: int = 1, more: int = 0, width: int = 2, cell: str = "x") -> Listing:
    """A listing of that many rows whose first cell is their number."""
    columns = tuple(f"column {at}" for at in range(width))
    lines = tuple((str(row), *[cell] * (width - 1)) for row in range(1, rows + 1))
    return Listing(Diagnosis("Running queries", Table(columns, lines, more), "", make.now), {"query": "q"}, page)


def drawn(made: Listing, *, is_native: bool = True) -> list[dict[str, Any]]:
    """Its blocks, which Slack takes."""
    blocks = build_listing(made, is_native=is_native)[1]
    assert validate_message(blocks) == []
    assert characters(blocks) <= MESSAGE_CHARACTERS
    return blocks


def buttons(blocks: list[dict[str, Any]]) -> dict[str, str]:
    """What its buttons say and carry."""
    return {button["text"]["text"]: button["value"] for button in blocks[1]["elements"]}


def test_few_rows_are_one_page(make: Any) -> None:
    """Title, how many and how fresh, the rows, and a button to read again."""
    blocks = drawn(listing(make, 2))
    assert blocks[0]["text"]["text"].startswith("*Running queries*\n_2 rows · read <!date^")
    cells = [[cell["text"] for cell in row] for row in blocks[2]["rows"]]
    assert cells == [["column 0", "column 1"], ["1", "x"], ["2", "x"]]
    assert list(buttons(blocks)) == ["Read again"]


def test_pages_lead_to_their_neighbours(make: Any) -> None:
    """The buttons carry what was asked and the page, nothing is kept between clicks."""
    blocks = drawn(listing(make, 3 * ROWS_A_PAGE - 1, page=2))
    assert "rows 11–20 of 29" in blocks[0]["text"]["text"]
    assert buttons(blocks) == {
        "◀ Previous": '{"query":"q","page":"1"}',
        "Next 3/3 ▶": '{"query":"q","page":"3"}',
        "Read again": '{"query":"q","page":"2","again":"yes"}',
    }
    assert [row[0]["text"] for row in blocks[2]["rows"]] == ["column 0", *map(str, range(11, 21))]


@pytest.mark.parametrize("page", [-1, 0, 7])
def test_a_page_that_is_gone_is_the_nearest(make: Any, page: int) -> None:
    """Rows may have become fewer since the button was made."""
    rows = drawn(listing(make, 15, page=page))[2]["rows"]
    assert rows[1][0]["text"] == ("11" if page == 7 else "1")


def test_rows_that_are_not_held_are_told(make: Any) -> None:
    """More rows than anybody would page through are counted."""
    assert "rows 1–10 of 110, the first 100 can be seen" in drawn(listing(make, 100, more=10))[0]["text"]["text"]


@pytest.mark.parametrize(("width", "cell"), [(1, ""), (25, "y" * 500), (8, "<!channel> &amp; `x`" * 20), (3, "")])
def test_any_table_keeps_to_the_limits(make: Any, width: int, cell: str) -> None:
    """Wide, long, hostile or empty: Slack takes it, as its own table and as text."""
    for is_native in (True, False):
        drawn(listing(make, 12, width=width, cell=cell), is_native=is_native)


def test_without_table_blocks_rows_are_text(make: Any) -> None:
    """Escaped, as tables in cards are."""
    said = drawn(listing(make, 1, cell="<!here>"), is_native=False)[2]["text"]["text"]
    assert said == "```\ncolumn 0  column 1\n1         &lt;!here&gt;\n```"


def test_nothing_to_see_is_said(make: Any) -> None:
    """With a button to look again."""
    blocks = drawn(Listing(Diagnosis("Running queries", None, "No <rows>.", make.now), {"query": "q"}))
    assert blocks[0]["text"]["text"].endswith("No &lt;rows&gt;.")
    assert list(buttons(blocks)) == ["Read again"]
