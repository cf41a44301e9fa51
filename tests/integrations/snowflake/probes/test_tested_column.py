"""What the probes of a tested column share, and each of them: names are checked, statements read, tables apart."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.diagnostics.failing_rows import FailingRows
from bot.diagnostics.probe import Scope
from bot.errors import AccessDenied, EntityError, NotFound, Unreachable
from bot.integrations.snowflake.probes.duplicates import DuplicatesArguments, read_duplicates, repeated_statement
from bot.integrations.snowflake.probes.freshness import CURRENT, columns_statement
from bot.integrations.snowflake.probes.null_count import NullCountArguments, nulls_statement, read_null_count
from bot.integrations.snowflake.probes.orphans import OrphansArguments, orphans_statement, read_orphans
from bot.integrations.snowflake.probes.tested_column import (
    LONGEST_VALUE,
    MOST_TABLES,
    RuleFacts,
    count_statement,
    failing_rows,
    find_column,
    look_into,
)
from bot.integrations.snowflake.probes.unexpected_values import (
    MOST_VALUES,
    UnexpectedValuesArguments,
    read_unexpected_values,
    unexpected_statement,
)
from bot.integrations.sql_guard import refusal
from tests.integrations.snowflake.builders import column, snowflake

CATALOGUE = columns_statement("DB")
PLACE, NAME = '"DB"."S"."T"', '"C"'
TWO = [{"value": 7, "copies": 2, "all_values": 1, "all_rows": 2}]
FOUND = FailingRows("db.s.t", rows=9, values=1, failing=2, examples=failing_rows("", [{"n": 0}], TWO).examples)


@pytest.mark.parametrize(
    "statement",
    [
        repeated_statement(PLACE, NAME),
        nulls_statement(PLACE, NAME),
        orphans_statement(PLACE, NAME, '"DB"."S"."P"', '"ID"'),
        unexpected_statement(PLACE, NAME, 3),
        count_statement(PLACE),
    ],
)
def test_every_statement_passes_the_guard(statement: str) -> None:
    """Put together from names of the catalogue, each is one SELECT."""
    assert refusal(statement, "snowflake") is None


@pytest.mark.parametrize(
    ("read", "arguments", "counting"),
    [
        (read_duplicates, DuplicatesArguments(("db.s.t",), "c"), repeated_statement(PLACE, NAME)),
        (
            read_unexpected_values,
            UnexpectedValuesArguments(("db.s.t",), "c", ("a", "b")),
            unexpected_statement(PLACE, NAME, 2),
        ),
        (
            read_orphans,
            OrphansArguments(("db.s.t",), "c", "db.s.t", "c"),
            orphans_statement(PLACE, NAME, PLACE, NAME),
        ),
    ],
)
def test_a_rule_counts_what_breaks_it(
    read: Callable[..., RuleFacts], arguments: Any, counting: str, scope: Scope
) -> None:
    """Beside all rows of the table; the alert's own name of it is kept."""
    client = snowflake({CATALOGUE: [column()], count_statement(PLACE): [{"n": 9}], counting: TWO})
    assert read(client, arguments, scope) == RuleFacts("c", (FOUND,))


def test_accepted_values_are_bound(scope: Scope) -> None:
    """A hundred at most, each a value and no part of the statement, whatever it holds."""
    values = ("x'; DROP TABLE y --", *(str(number) for number in range(500)))
    counting = unexpected_statement(PLACE, NAME, MOST_VALUES)
    client = snowflake({CATALOGUE: [column()], count_statement(PLACE): [{"n": 9}], counting: []})
    read_unexpected_values(client, UnexpectedValuesArguments(("db.s.t",), "c", values), scope)
    assert [one.parameters for one in client.asked if one.statement == counting] == [values[:MOST_VALUES]]
    assert "DROP" not in counting


def test_nulls_are_counted_in_one_statement(scope: Scope) -> None:
    """NULL is no value: nothing stands in the examples."""
    client = snowflake({CATALOGUE: [column()], nulls_statement(PLACE, NAME): [{"n": "30", "failing": 3}]})
    found = read_null_count(client, NullCountArguments(("db.s.t",), "c"), scope)
    assert found.tables == (FailingRows("db.s.t", rows=30, failing=3),)


@pytest.mark.parametrize(
    ("read", "arguments"),
    [
        (read_duplicates, DuplicatesArguments(("t",))),
        (read_null_count, NullCountArguments(("t",))),
        (read_unexpected_values, UnexpectedValuesArguments(("t",), "c")),
        (read_unexpected_values, UnexpectedValuesArguments(("t",), "", ("a",))),
        (read_orphans, OrphansArguments(("t",), "c", "p")),
        (read_orphans, OrphansArguments(("t",), "c", "", "k")),
    ],
)
def test_half_a_rule_asks_nothing(read: Callable[..., RuleFacts], arguments: Any, scope: Scope) -> None:
    """The project's manifest did not tell the rest."""
    assert read(snowflake({}), arguments, scope) == RuleFacts()


@pytest.mark.parametrize("table", ["db.s.t", "s.t"])
def test_a_column_is_found_as_the_catalogue_has_it(table: str, scope: Scope) -> None:
    """In whatever case the project writes it; a table of two parts is the session's database's."""
    with snowflake({CURRENT: [{"database_name": "DB"}], CATALOGUE: [column("T", "C")]}).reading(scope) as fetch:
        assert find_column(fetch, table, " c ") == (PLACE, NAME)


@pytest.mark.parametrize(
    ("table", "name", "error", "words"),
    [
        ("db.s.t", "c", NotFound, r"there is no column C in DB\.S\.T, or the bot's role may not see it"),
        ("s.t", "c", EntityError, r"write DATABASE\.SCHEMA\.TABLE"),
        ("db.s.t", 'c" --', EntityError, "is not the name of a column"),
        ("db.s.t;", "c", EntityError, "is not the name of a table"),
    ],
)
def test_what_is_not_there_or_no_name_is_told(
    table: str, name: str, error: type[Exception], words: str, scope: Scope
) -> None:
    """Before it stands in a statement."""
    client = snowflake({CURRENT: [{"database_name": None}], CATALOGUE: []})
    with client.reading(scope) as fetch, pytest.raises(error, match=words):
        find_column(fetch, table, name)


def test_one_table_that_cannot_be_read_does_not_spoil_the_others(scope: Scope) -> None:
    """Each says why in its place; "" and repetitions are no tables, and four are enough."""
    problems = {"gone": NotFound("snowflake", "not there"), "shut": AccessDenied("snowflake", "not yours")}

    def look(_: Any, table: str) -> FailingRows:
        if table in problems:
            raise problems[table]
        if table == "odd":
            raise EntityError("no name")
        return FailingRows(table, rows=1)

    found = look_into(snowflake({}), scope, ("gone", "shut", "odd", "well", "fifth"), look)
    assert [(one.table, one.problem) for one in found] == [
        ("gone", "not there"),
        ("shut", "not yours"),
        ("odd", "no name"),
        ("well", ""),
    ]
    assert len(found) == MOST_TABLES
    assert len(look_into(snowflake({}), scope, ("well", "", "well"), look)) == 1


def test_an_account_that_does_not_answer_is_an_error(scope: Scope) -> None:
    """Four tables that could not be read for that are not four findings."""
    client = snowflake({CATALOGUE: Unreachable("snowflake", "down")})
    with pytest.raises(Unreachable):
        read_duplicates(client, DuplicatesArguments(("db.s.t",), "c"), scope)


def test_values_are_short_and_without_secrets() -> None:
    """A column may hold anything, NULL too; totals come with any number's type."""
    rows = [{"value": value, "copies": "2", "all_values": 3.0, "all_rows": None} for value in ("x" * 99, "a\nb", None)]
    found = failing_rows("t", [{"n": "12"}], rows)
    assert [one.value for one in found.examples] == ["x" * LONGEST_VALUE, "a b", ""]
    assert (found.rows, found.values, found.failing, found.is_known) == (12, 3, 0, True)
