"""Deadlocks, the tables that are waited for, and the maintenance under way: what is asked for and what is told."""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.integrations.postgres.probes.contention import (
    DATABASE,
    MAINTENANCE,
    SHOWN,
    TABLES,
    ContentionArguments,
    contention_from,
    read_contention,
)
from tests.integrations.postgres.builders import BEGAN, IN_CAIRO, postgres

COUNTERS = {"deadlocks": 2, "stats_reset": IN_CAIRO, "rollbacks": 1, "commits": 2}


def care(**more: Any) -> dict[str, Any]:
    """A row of TABLES."""
    row = dict.fromkeys(("last_autovacuum", "last_vacuum", "last_autoanalyze"))
    return {**row, "name": "public.orders", "live_rows": 2, "dead_rows": 1, **more}


@pytest.mark.parametrize(
    ("given", "asked"),
    [((), []), (("", "  "), []), ((" Orders ", "orders", "public.ITEMS"), ["orders", "public.items"])],
)
def test_names_are_asked_for_once_each_and_in_lower_case(
    given: tuple[str, ...], asked: list[str], scope: Scope
) -> None:
    """An entity that the alert did not name is ""; the names are bound, whatever they hold."""
    client = postgres({DATABASE: [COUNTERS], TABLES: [], MAINTENANCE: []})
    read_contention(client, ContentionArguments(given), scope)
    assert [one.parameters for one in client.asked] == [(), *[{"names": asked, "cap": SHOWN}] * 2]


def test_shares_are_of_all_and_times_in_utc() -> None:
    """A third of the transactions failed, a third of the rows is dead."""
    found = contention_from([COUNTERS], [care(last_vacuum=IN_CAIRO)], [])
    [table] = found.tables
    assert (found.deadlocks, found.rollback_percent, found.counted_since) == (2, 33.3, BEGAN)
    assert (table.dead_percent, table.last_vacuum, table.last_autovacuum) == (33.3, BEGAN, None)


@pytest.mark.parametrize(
    ("row", "who"),
    [
        ({"application_name": "migration", "usename": "shop", "backend_type": "client backend"}, "migration"),
        ({"application_name": "", "usename": "shop", "backend_type": "client backend"}, "shop"),
        ({"application_name": None, "usename": None, "backend_type": "autovacuum worker"}, "autovacuum worker"),
        ({"application_name": None, "usename": None, "backend_type": None}, ""),
    ],
)
def test_maintenance_has_the_first_name_that_there_is(row: dict[str, str | None], who: str) -> None:
    """Application, user, kind of process."""
    [work] = contention_from([COUNTERS], [], [{**row, "pid": 7, "query": None, "running_s": 61.25}]).maintenance
    assert (work.who, work.query, work.running_s) == (who, "", 61.2)
    assert work.is_autovacuum is (row["backend_type"] == "autovacuum worker")


def test_a_password_in_a_migration_is_not_shown() -> None:
    """DDL holds secrets too."""
    row = {"application_name": "m", "usename": "u", "backend_type": "client backend", "pid": 7, "running_s": None}
    [work] = contention_from([COUNTERS], [], [{**row, "query": "CREATE ROLE x\n  PASSWORD 's3cr3t'"}]).maintenance
    assert work.query == "CREATE ROLE x PASSWORD '•••'"
