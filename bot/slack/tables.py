"""Stage 7: a table of a finding as text that reads on a phone. Pure.

Slack's own table block stands once in a message and at its end, so the tables of several steps cannot be such blocks.
"""

from bot.playbooks.reply import Table
from bot.slack.escape import code, escape, fenced

# Code blocks wrap at about this width on a phone; wider tables become a line a row.
NARROW = 44
_WIDEST_CELL = 200


def write_table(table: Table, most_rows: int) -> str:
    """The table as mrkdwn, at most `most_rows` rows and then how many more there are; "" for an empty one."""
    columns = tuple(_flat(column) for column in table.columns)
    rows = [tuple(_flat(cell) for cell in row[: len(columns)]) for row in table.rows[:most_rows]]
    total = len(table.rows) + table.more
    if not rows or not columns:
        return _more(total, 0)
    widths = [max(len(line[at]) for line in [columns, *rows] if at < len(line)) for at in range(len(columns))]
    is_narrow = sum(widths) + 2 * (len(widths) - 1) <= NARROW
    body = _grid(columns, rows, widths) if is_narrow else _lines(columns, rows)
    return "\n".join(filter(None, (body, _more(total, len(rows)))))


def _grid(columns: tuple[str, ...], rows: list[tuple[str, ...]], widths: list[int]) -> str:
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=False)).rstrip()
        for line in [columns, *rows]
    ]
    return fenced("\n".join(lines))


def _lines(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    return "\n".join(f"• {_line(columns, row)}" for row in rows)


def _line(columns: tuple[str, ...], row: tuple[str, ...]) -> str:
    """The first cell stands out, the others carry their column's name; empty cells are left out."""
    named = [f"{escape(name)} {code(cell)}" for name, cell in zip(columns[1:], row[1:], strict=False) if cell]
    return " · ".join([code(row[0]) or "–", *named]) if row else ""


def _flat(cell: str) -> str:
    flat = " ".join(cell.split())
    return flat if len(flat) <= _WIDEST_CELL else f"{flat[: _WIDEST_CELL - 1]}…"


def _more(total: int, shown: int) -> str:
    left = total - shown
    return f"_… {left} more row{'s' if left > 1 else ''}_" if left > 0 else ""
