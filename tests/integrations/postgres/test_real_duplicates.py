"""postgres.duplicates on the real server, with the bot's own role."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest

from bot.diagnostics.probe import Scope
from bot.errors import NotFound
from bot.integrations.postgres import connect_read
from bot.integrations.postgres.client import PostgresClient
from bot.integrations.postgres.probes.duplicates import DuplicatesArguments, SourceColumn, read_duplicates

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def source(real: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """The record of a running source database."""
    return real("source")


@pytest.fixture
def ask(source: dict[str, Any], live_scope: Scope) -> Iterator[Callable[[str, str], SourceColumn]]:
    """What the bot's reading role is told of a column."""
    client = connect_read(source["environment"])
    assert isinstance(client, PostgresClient)
    with closing(client):
        yield lambda table, column: read_duplicates(client, DuplicatesArguments(table, column), live_scope)


@pytest.fixture
def odd_table(source: dict[str, Any]) -> Iterator[str]:
    """A table with a strange name, a partial unique index and values that repeat; the bot may read it."""
    with closing(psycopg2.connect(source["source"]["admin_url"])) as session, session, session.cursor() as cursor:
        cursor.execute('CREATE TABLE public."odd ""table" (code text, n int)')
        cursor.execute('CREATE UNIQUE INDEX ON public."odd ""table" (code) WHERE n > 5')
        cursor.execute("""INSERT INTO public."odd ""table" VALUES ('a', 1), ('a', 2), ('a', 3), ('b', 1), (NULL, 1)""")
        cursor.execute('GRANT SELECT ON public."odd ""table" TO runbook_read')
    yield 'odd "table'
    with closing(psycopg2.connect(source["source"]["admin_url"])) as session, session, session.cursor() as cursor:
        cursor.execute('DROP TABLE public."odd ""table"')


def test_a_primary_key_forbids_duplicates(ask: Callable[[str, str], SourceColumn]) -> None:
    """Names are found whatever their letters, and no row is counted."""
    found = ask("PUBLIC.CUSTOMERS", "CUSTOMER_ID")
    assert found.forbidden_by == "the primary key customers_pkey"
    assert (found.table, found.column, found.is_not_null, found.repeated) == (
        "public.customers",
        "customer_id",
        True,
        None,
    )
    assert ask("public.customers", "email").forbidden_by == "the unique index customers_email_key"


def test_a_check_is_told_as_the_server_writes_it(ask: Callable[[str, str], SourceColumn]) -> None:
    """What accepted_values compares with."""
    [rule] = ask("public.orders", "status").rules
    assert rule.startswith("CHECK")
    assert "'cancelled'" in rule


def test_what_nothing_forbids_is_counted(ask: Callable[[str, str], SourceColumn], odd_table: str) -> None:
    """A unique index on a part of the rows forbids nothing; NULL does not repeat."""
    found = ask(odd_table, "code")
    assert found.forbidden_by == ""
    assert found.repeated is not None
    assert (found.repeated.rows, found.repeated.values, found.repeated.failing) == (5, 1, 3)
    assert [(one.value, one.copies) for one in found.repeated.examples] == [("a", 3)]


def test_a_column_that_is_not_there_is_named(ask: Callable[[str, str], SourceColumn]) -> None:
    """And nothing is asked without a column."""
    with pytest.raises(NotFound, match=r"there is no column nope in public\.orders"):
        ask("orders", "nope")
    assert ask("public.orders", "") == SourceColumn()
