"""Stage 7: many rows a page at a time: Slack's own table block, with buttons for the other pages above it. Pure.

The buttons carry what was asked and which page: nothing is kept between two clicks, rows are read again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.flow.run_query import QUERIES, Diagnosis
from bot.playbooks.reply import Table
from bot.slack.elements import Block, actions, button, mrkdwn, section
from bot.slack.escape import code, escape, moment, tame
from bot.slack.tables import write_table

PAGE = "page:"  # how the action id of a page's button starts; `next`, `previous` or `again` follows
QUERY = "query:"  # the same of the menu's buttons; the query's name follows
ROWS_A_PAGE = 10
MOST_COLUMNS = 20
LONGEST_CELL = 150
_MOST_CHARACTERS = 9_000  # of a page, of the 13,200 that Slack takes


@dataclass(frozen=True, slots=True)
class Listing:
    """A diagnosis on one of its pages (from 1); `asked` is what its buttons carry to get another one."""

    diagnosis: Diagnosis
    asked: Mapping[str, str]
    page: int = 1

    @property
    def pages(self) -> int:
        """How many there are, at least one."""
        rows = len(self.diagnosis.table.rows) if self.diagnosis.table else 0
        return max(1, -(-rows // ROWS_A_PAGE))

    @property
    def shown(self) -> Table | None:
        """The rows of this page; there may be fewer pages than there were when the button was made."""
        if self.diagnosis.table is None:
            return None
        first = (min(max(self.page, 1), self.pages) - 1) * ROWS_A_PAGE
        return Table(self.diagnosis.table.columns, self.diagnosis.table.rows[first : first + ROWS_A_PAGE])


def build_listing(listing: Listing, *, is_native: bool = True) -> tuple[str, list[Block]]:
    """The words for a notification, and the blocks; `is_native` false writes the table as text."""
    table = listing.shown
    head = f"*{tame(listing.diagnosis.title)}*\n{_told(listing)}"
    if table is None or not table.rows:
        return _plain(listing), [section(f"{head}\n{escape(listing.diagnosis.text)}"), actions(_buttons(listing))]
    rows = [table_block(table)] if is_native else [section(write_table(table, ROWS_A_PAGE))]
    return _plain(listing), [section(head), actions(_buttons(listing)), *rows]


def _told(listing: Listing) -> str:
    """Which rows these are, and how fresh."""
    table, page = listing.diagnosis.table, min(max(listing.page, 1), listing.pages)
    read = f"read {moment(listing.diagnosis.read_at, '{time_secs}')}"
    if table is None or not table.rows:
        return f"_{read}_"
    first, total = (page - 1) * ROWS_A_PAGE + 1, len(table.rows) + table.more
    last = min(page * ROWS_A_PAGE, len(table.rows))
    which = f"{total} row{'s' if total > 1 else ''}" if listing.pages == 1 else f"rows {first}–{last} of {total}"
    beyond = f", the first {len(table.rows)} can be seen" if table.more else ""
    return f"_{which}{beyond} · {read}_"


def _plain(listing: Listing) -> str:
    table = listing.diagnosis.table
    count = len(table.rows) + table.more if table else 0
    return f"{tame(listing.diagnosis.title)}: {count} row{'' if count == 1 else 's'}"[:300]


def _buttons(listing: Listing) -> list[Block]:
    page = min(max(listing.page, 1), listing.pages)

    def to(label: str, action: str, number: int) -> Block:
        return button(label, f"{PAGE}{action}", {**listing.asked, "page": str(number)})

    buttons = [to("◀ Previous", "previous", page - 1)] if page > 1 else []
    buttons += [to(f"Next {page + 1}/{listing.pages} ▶", "next", page + 1)] if page < listing.pages else []
    again = {**listing.asked, "page": str(page), "again": "yes"}
    return [*buttons, button("Read again" if "query" in listing.asked else "Refresh", f"{PAGE}again", again)]


def table_block(table: Table) -> Block:
    """Slack's own table: cells are plain text there, so nothing in them can be a mention or a link."""
    columns = [name or "–" for name in table.columns[:MOST_COLUMNS]]
    longest = max(20, min(LONGEST_CELL, _MOST_CHARACTERS // (len(columns) * (len(table.rows) + 1))))
    lines = [columns, *([*row, *[""] * len(columns)][: len(columns)] for row in table.rows)]
    cells = [[{"type": "raw_text", "text": _cell(cell, longest)} for cell in line] for line in lines]
    return {"type": "table", "rows": cells, "column_settings": [{"is_wrapped": True} for _ in columns]}


def _cell(cell: str, longest: int) -> str:
    flat = " ".join(cell.split())
    return (flat if len(flat) <= longest else f"{flat[: longest - 1]}…") or "–"


def build_menu() -> tuple[str, list[Block]]:
    """The diagnostic queries to choose from, in words and as buttons."""
    lines = [f"• {code(f'/diagnose {name}')} {escape(query.title)}" for name, query in QUERIES.items()]
    words = "\n".join(["*Which query?* Each answers only you, with what is true now.", *lines])
    buttons = [button(query.title, f"{QUERY}{name}", {"query": name}) for name, query in QUERIES.items()]
    return f"{words}\nA runbook's name works as well.", [
        {"type": "section", "text": mrkdwn(f"{words}\nA runbook's name works as well.")},
        actions(buttons),
    ]
