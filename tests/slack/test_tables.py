"""Tables read on a phone."""

from bot.playbooks.reply import Table
from bot.slack.tables import write_table


def test_narrow_table_is_a_grid() -> None:
    """A table that fits a phone's width is set in columns, without trailing spaces."""
    table = Table(("pid", "state"), (("7", "active"), ("4711", "idle")))
    assert write_table(table, 10) == "```\npid   state\n7     active\n4711  idle\n```"


def test_wide_table_is_a_line_a_row() -> None:
    """A wide one names each value by its column and leaves empty cells out."""
    table = Table(("query", "user", "text"), (("01b2-77", "", "SELECT * FROM raw_orders JOIN raw_payments"),))
    assert write_table(table, 10) == "• `01b2-77` · text `SELECT * FROM raw_orders JOIN raw_payments`"


def test_rows_that_are_not_shown_are_counted() -> None:
    """Long tables are cut at the row limit and say how many rows are left."""
    table = Table(("n",), tuple((str(n),) for n in range(12)))
    assert write_table(table, 2).endswith("```\n_… 10 more rows_")
    assert write_table(table, 0) == "_… 12 more rows_"
    assert write_table(Table(("n",), ()), 5) == ""


def test_cells_are_text() -> None:
    """Values of a system cannot mention, link or leave the code block."""
    said = write_table(Table(("a",), (("<!channel> ``` \n x",),)), 5)
    assert "<!channel>" not in said
    assert said.count("```") == 2


def test_rows_of_uneven_length_do_not_fail() -> None:
    """Missing and surplus cells are left out."""
    assert write_table(Table(("a", "b"), (("1",), ("1", "2", "3"), ())), 5).startswith("```\na  b\n1\n1  2")
