"""What runs now, and one query by its id."""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import EntityError
from bot.integrations.snowflake.probes.queries import (
    ONE,
    RUNNING,
    Query,
    QueryArguments,
    RunningArguments,
    is_ours,
    query_from,
    read_query,
    read_running,
    running_from,
)
from tests.integrations.snowflake.builders import ID, OURS, query, snowflake


def test_a_warehouses_name_is_bound_in_upper_case(scope: Scope) -> None:
    """ "" stands for all."""
    client = snowflake({RUNNING: []})
    assert read_running(client, RunningArguments(" loading_wh'; -- "), scope).longest is None
    read_running(client, RunningArguments(), scope)
    assert [one.parameters for one in client.asked] == [("LOADING_WH'; --",) * 2, ("", "")]


def test_an_id_is_checked_and_bound(scope: Scope) -> None:
    """What has not its shape asks nothing."""
    client = snowflake({ONE: []})
    assert read_query(client, QueryArguments(f" {ID.upper()} "), scope) == Query(exists=False)
    assert [one.parameters for one in client.asked] == [(ID,)]
    with pytest.raises(EntityError, match="is not a query id of Snowflake"):
        read_query(snowflake({}), QueryArguments("01b8f2a4"), scope)


@pytest.mark.parametrize(
    ("status", "is_running"),
    [
        ("running", True),
        ("QUEUED", True),
        ("BLOCKED", True),
        ("RESUMING_WAREHOUSE", True),
        ("SUCCESS", False),
        ("FAILED_WITH_INCIDENT", False),
        (None, False),
    ],
)
def test_running_is_whatever_has_not_ended(status: str | None, is_running: bool) -> None:
    """Waiting too: it can be cancelled."""
    assert query_from([query(execution_status=status)]).is_running is is_running


@pytest.mark.parametrize(
    ("code", "message", "error"),
    [
        (None, None, ""),
        ("604", None, "604"),
        (None, "cancelled", "cancelled"),
        (604, "x" * 900, "604: " + "x" * 295),
        ("1", "password = 'hunter2'", "1: password = '•••'"),
    ],
)
def test_an_error_is_its_code_and_words(code: Any, message: str | None, error: str) -> None:
    """Short, and without secrets."""
    assert query_from([query(error_code=code, error_message=message)]).error == error


@pytest.mark.parametrize(("tag", "ours"), [(OURS, True), ("", False), (None, False), ('{"app":"dbt"}', False)])
def test_the_bot_knows_its_own_by_their_tag(tag: str | None, ours: bool) -> None:
    """Whatever else the tag says."""
    assert is_ours(query(query_tag=tag)) is ours
    assert running_from([query(query_tag=tag)]).count == (0 if ours else 1)
