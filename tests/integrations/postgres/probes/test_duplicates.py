"""Can a column of the source repeat its values, and does it? Rows are counted only where the catalogue allows it."""

from typing import Any

import pytest

from bot.diagnostics.failing_rows import FailingRows, FailingValue
from bot.diagnostics.probe import Scope
from bot.errors import EntityError, NotFound
from bot.integrations.postgres.probes.duplicates import (
    COLUMN,
    RULES,
    UNIQUE,
    DuplicatesArguments,
    SourceColumn,
    column_from,
    quoted,
    read_duplicates,
    repeated_from,
    repeated_statement,
)
from bot.integrations.sql_guard import refusal
from tests.integrations.postgres.builders import postgres

ROW: dict[str, Any] = {
    "schema_name": "public",
    "table_name": "Orders",
    "column_name": "id",
    "is_not_null": False,
    "may_read": True,
}
COUNT = 'SELECT count(*) AS n FROM "public"."Orders"'
REPEATED = repeated_statement("public", "Orders", "id")
PAIR = {"value": "7", "copies": 2, "all_values": 1, "all_rows": 2}
KEY = {"name": "orders_pkey", "is_primary": True}


def ask(client: Any, scope: Scope, table: str = "Orders", column: str = "ID") -> SourceColumn:
    """The facts of public.Orders.id."""
    return read_duplicates(client, DuplicatesArguments(table, column), scope)


@pytest.mark.parametrize(("table", "column"), [("", "id"), ("orders", ""), ("", "")])
def test_half_a_question_asks_nothing(table: str, column: str, scope: Scope) -> None:
    """The alert named no table, or no column."""
    assert ask(postgres({}), scope, table, column) == SourceColumn()


def test_what_may_repeat_and_be_read_is_counted(scope: Scope) -> None:
    """Under the names that the catalogue gave, not those of the alert."""
    client = postgres({COLUMN: [ROW], UNIQUE: [], COUNT: [{"n": 9}], REPEATED: [PAIR], RULES: []})
    found = ask(client, scope)
    assert client.asked[0].parameters == ("public", "Orders", "ID")
    assert found.repeated == FailingRows("public.Orders", 9, 1, 2, (FailingValue("7", 2),))


@pytest.mark.parametrize(("unique", "may_read"), [([KEY], True), ([], False)])
def test_no_row_is_counted_without_need_or_right(unique: list[dict[str, Any]], may_read: bool, scope: Scope) -> None:
    """A unique column cannot repeat; a table that the role may not read is not tried: `repeated` stays unknown."""
    client = postgres({COLUMN: [{**ROW, "may_read": may_read}], UNIQUE: unique, RULES: []})
    assert ask(client, scope).repeated is None


def test_a_name_is_looked_for_as_it_is_then_in_lower_case(scope: Scope) -> None:
    """And then it is not there."""
    client = postgres({COLUMN: []})
    with pytest.raises(NotFound, match=r"^postgres: there is no column id in PUBLIC\.ORDERS$"):
        ask(client, scope, "PUBLIC.ORDERS", "id")
    assert [one.parameters for one in client.asked] == [("PUBLIC", "ORDERS", "id"), ("public", "orders", "id")]


def test_what_is_no_table_is_refused_before_anything_is_asked(scope: Scope) -> None:
    """A name with too many parts."""
    with pytest.raises(EntityError, match="is not the name of a table"):
        ask(postgres({}), scope, "a.b.c.d")


@pytest.mark.parametrize(
    ("unique", "said"),
    [
        ([KEY], "the primary key orders_pkey"),
        ([{"name": "orders_id_idx", "is_primary": False}], "the unique index orders_id_idx"),
        ([], ""),
    ],
)
def test_what_forbids_repetition_has_its_kind(unique: list[dict[str, Any]], said: str) -> None:
    """An index that nobody declared as a key holds as well."""
    assert column_from(ROW, unique, []).forbidden_by == said


def test_a_rule_is_one_line_of_bounded_length() -> None:
    """A CHECK lists what it likes."""
    found = column_from(ROW, [], [{"definition": "CHECK (x\n  IN (" + "1, " * 900}])
    assert found.rules[0].startswith("CHECK (x IN (1, 1,")
    assert len(found.rules[0]) == 300


@pytest.mark.parametrize("name", ['x" ; DROP TABLE y --', 'a""b', "select", "x'", "ü"])
def test_a_name_of_the_catalogue_cannot_end_its_quotes(name: str) -> None:
    """Anybody who may create a table may call it so; to the guard it stays one SELECT."""
    assert quoted(name) == '"' + name.replace('"', '""') + '"'
    assert refusal(repeated_statement(name, name, name), "postgres") is None


def test_examples_are_short_and_hold_no_secrets() -> None:
    """A column may hold anything."""
    rows = [{**PAIR, "value": "token=hunter2hunter2"}, {**PAIR, "value": None}, {**PAIR, "value": "x" * 99}]
    found = repeated_from("t", [{"n": 9}], rows)
    assert [one.value for one in found.examples] == ["token=•••", "None", "x" * 60]


def test_nothing_repeated_counts_zero() -> None:
    """The statement gives no row then, so no totals either."""
    assert repeated_from("t", [{"n": 9}], []) == FailingRows("t", rows=9)
