"""Which columns a table of the source has: by its name as stored, else in lower case."""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import EntityError, NotFound
from bot.integrations.postgres.probes.columns import (
    CAP,
    COLUMNS,
    ColumnsArguments,
    TableColumns,
    columns_from,
    read_columns,
    split_name,
)
from tests.integrations.postgres.builders import postgres


def column(name: str, **more: Any) -> dict[str, Any]:
    """A row of COLUMNS: a bigint of public.orders."""
    row = {"schema_name": "public", "table_name": "orders", "owner": "shop_app", "type": "bigint", "made_of": ""}
    return {**row, "name": name, "is_nullable": False, **more}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("orders", ("public", "orders")),
        ("shop.orders", ("shop", "orders")),
        ("ecommerce.shop.orders", ("shop", "orders")),
        ('"Shop"."Orders"', ("Shop", "Orders")),
        (" shop . orders ", ("shop", "orders")),
    ],
)
def test_a_name_has_one_to_three_parts(text: str, names: tuple[str, str]) -> None:
    """The database is the one we are connected to; quotes say nothing more than that the case matters."""
    assert split_name(text) == names


@pytest.mark.parametrize("text", ["", ".", "a.", ".a", "a..b", "a.b.c.d", '""', "x" * 100 + "."])
def test_what_is_no_tables_name_is_refused(text: str) -> None:
    """In words that say how to write one, cut short."""
    with pytest.raises(EntityError, match=r"is not the name of a table: write schema\.table\.$") as refused:
        split_name(text)
    assert len(str(refused.value)) < 120


def test_nothing_asked_reads_nothing(scope: Scope) -> None:
    """The entity was not in the alert."""
    client = postgres({})
    assert read_columns(client, ColumnsArguments(), scope) == TableColumns()


def test_the_stored_name_goes_first_then_lower_case(scope: Scope) -> None:
    """Alerts shout, and PostgreSQL folds; the cap is a table's own: one of display would look like lost columns."""
    client = postgres({COLUMNS: lambda schema, *_: [column("id")] if schema == "shop" else []})
    found = read_columns(client, ColumnsArguments("SHOP.Orders"), scope)
    assert found.count == 1
    assert [one.parameters for one in client.asked] == [("SHOP", "Orders", CAP), ("shop", "orders", CAP)]
    assert {one.cap for one in client.asked} == {CAP}


def test_a_table_that_is_not_there_is_named_and_cut_short(scope: Scope) -> None:
    """A name out of an alert is as long as its sender likes."""
    client = postgres({COLUMNS: []})
    with pytest.raises(NotFound) as missing:
        read_columns(client, ColumnsArguments(f"{'s' * 90}.{'t' * 90}"), scope)
    assert str(missing.value) == f"postgres: there is no table {'s' * 60}.{'t' * 60} in this database"


def test_hundreds_of_columns_are_counted_from_one() -> None:
    """Positions are those of the table as it is, whatever numbers the dropped ones left."""
    found = columns_from([column(f"c{number}") for number in range(900)])
    assert (found.table, found.owner, found.count) == ("public.orders", "shop_app", 900)
    assert [one.position for one in (found.columns[0], found.columns[-1])] == [1, 900]
