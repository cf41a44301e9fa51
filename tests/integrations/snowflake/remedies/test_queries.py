"""Cancelling one query: what a plan says of it, and what Snowflake's answer means."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import EntityError
from bot.integrations.snowflake.probes.queries import QueryArguments
from bot.integrations.snowflake.remedies.queries import (
    CANCEL_QUERY,
    cancel_statement,
    perform_cancel,
    plan_cancel,
)
from bot.remediation.remedy import Command
from tests.integrations.snowflake.builders import ID, snowflake

CANCEL = Command("cancel_query", "…", {"query_id": ID})


@pytest.mark.parametrize(
    ("started", "running_s", "minutes"),
    [
        (timedelta(seconds=59), 9999.0, 0),
        (timedelta(seconds=60), 0.0, 1),
        (timedelta(hours=3), 0.0, 180),
        (-timedelta(minutes=5), 0.0, 0),  # a clock that is ahead
        (None, 119.0, 1),
    ],
)
def test_how_long_it_runs_counts_from_its_start(
    started: timedelta | None, running_s: float, minutes: int, scope: Scope
) -> None:
    """At the time of the plan; by what was read where the start is not known."""
    begun = None if started is None else scope.now - started
    state = replace(CANCEL_QUERY.typical, started_at=begun, running_s=running_s)
    planned = plan_cancel(QueryArguments(ID), state, scope)
    assert f"running {minutes} min;" in planned.blast_radius


def test_a_query_without_a_warehouse_is_told_as_such(scope: Scope) -> None:
    """DDL needs none; whether it helped is asked of that query."""
    planned = plan_cancel(QueryArguments(ID.upper()), replace(CANCEL_QUERY.typical, warehouse=""), scope)
    assert "of ANALYST_KIM on no warehouse, running" in planned.blast_radius
    assert planned.verification is not None
    assert planned.verification.arguments == {"query_id": ID}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"x": f"query [{ID}] terminated."}], f"Cancelled query {ID}."),
        (
            [{"x": "Identified SQL statement is not currently executing."}],
            f"Query {ID} had ended already: Identified SQL statement is not currently executing.",
        ),
        ([{"x": None}], f"Query {ID} had ended already: "),
        ([], f"Query {ID} had ended already: "),
    ],
)
def test_snowflakes_answer_says_whether_it_was_cancelled(rows: list[Any], said: str, scope: Scope) -> None:
    """The column's name is the statement itself; a second time is no error."""
    assert perform_cancel(snowflake({cancel_statement(ID): rows}), CANCEL, scope) == said


def test_what_is_no_id_never_reaches_a_statement(scope: Scope) -> None:
    """It stands between quotes there."""
    client = snowflake({})
    with pytest.raises(EntityError):
        perform_cancel(client, replace(CANCEL, arguments={"query_id": "x'); DROP TABLE y; --"}), scope)
    assert client.changed == []
