"""Which columns a table has: its full name, its types as one writes them, its owner."""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import EntityError, NotFound
from bot.integrations.snowflake.probes.columns import (
    CAP,
    CURRENT,
    ColumnsArguments,
    TableColumns,
    columns_statement,
    owner_statement,
    read_columns,
    type_of,
)
from tests.integrations.snowflake.builders import column, snowflake


def test_nothing_asked_reads_nothing(scope: Scope) -> None:
    """The alert named no table."""
    assert read_columns(snowflake({}), ColumnsArguments(), scope) == TableColumns()


@pytest.mark.parametrize(
    ("text", "asks_for_the_database"), [("db.s.t", False), ("s.t", True)], ids=["three parts", "two parts"]
)
def test_a_name_without_a_database_is_the_sessions(text: str, asks_for_the_database: bool, scope: Scope) -> None:
    """The catalogue of that database is read, with a cap of its own."""
    columns, owner = columns_statement("DB"), owner_statement("DB")
    client = snowflake({CURRENT: [{"database_name": "DB"}], columns: [column()], owner: [{"table_owner": "LOADER"}]})
    found = read_columns(client, ColumnsArguments(text), scope)
    assert (found.table, found.owner, found.count) == ("DB.S.T", "LOADER", 1)
    assert client.statements == [CURRENT, columns, owner][0 if asks_for_the_database else 1 :]
    assert [(one.parameters, one.cap) for one in client.asked][-2:] == [(("S", "T"), CAP), (("S", "T"), 50)]


def test_a_session_without_a_database_says_what_to_write(scope: Scope) -> None:
    """Two parts are not enough then."""
    with pytest.raises(EntityError, match=r"write DATABASE\.SCHEMA\.TABLE"):
        read_columns(snowflake({CURRENT: [{"database_name": None}]}), ColumnsArguments("s.t"), scope)


def test_a_table_without_columns_is_not_there(scope: Scope) -> None:
    """Or the role may not see it, which Snowflake does not tell apart."""
    with pytest.raises(NotFound, match=r"^snowflake: there is no table DB\.S\.T, or the bot's role may not see it$"):
        read_columns(snowflake({columns_statement("DB"): []}), ColumnsArguments("db.s.t"), scope)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"data_type": "NUMBER", "numeric_precision": 38, "numeric_scale": 0}, "NUMBER(38,0)"),
        ({"data_type": "fixed", "numeric_precision": "12", "numeric_scale": "2"}, "NUMBER(12,2)"),
        ({"data_type": "TEXT", "character_maximum_length": 16_777_215}, "VARCHAR(16777215)"),
        ({"data_type": "TEXT", "character_maximum_length": 16_777_216}, "VARCHAR"),
        ({"data_type": "TEXT", "character_maximum_length": None}, "VARCHAR"),
        ({"data_type": "timestamp_ntz"}, "TIMESTAMP_NTZ"),
        ({"data_type": None}, ""),
    ],
)
def test_a_type_is_written_as_in_ddl(row: dict[str, Any], kind: str) -> None:
    """The catalogue keeps length, precision and scale apart, as numbers or text."""
    assert type_of(column(**row)) == kind
