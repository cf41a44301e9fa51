"""What took the time and what failed: which history is asked, and what is told of it."""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.integrations.snowflake.probes.history import (
    FAILED_LIVE,
    FAILED_YEAR,
    TOP_LIVE,
    TOP_YEAR,
    FailedArguments,
    TopArguments,
    failed_from,
    read_failed,
    read_top,
    top_from,
)
from tests.integrations.snowflake.builders import OURS, query, snowflake


@pytest.mark.parametrize(
    ("days", "statement", "back"), [(7, TOP_LIVE, -7), (8, TOP_YEAR, -8), (-7, TOP_LIVE, -7), (1, TOP_LIVE, -1)]
)
def test_a_week_is_read_live(days: int, statement: str, back: int, scope: Scope) -> None:
    """More only ACCOUNT_USAGE knows; "" stands for every warehouse."""
    client = snowflake({statement: []})
    assert read_top(client, TopArguments(" loading_wh ", days), scope).top is None
    read_top(client, TopArguments(days=days), scope)
    assert [one.parameters for one in client.asked] == [("LOADING_WH", "LOADING_WH", back), ("", "", back)]


@pytest.mark.parametrize(("hours", "statement"), [(24, FAILED_LIVE), (168, FAILED_LIVE), (169, FAILED_YEAR)])
def test_failures_of_a_week_are_read_live(hours: int, statement: str, scope: Scope) -> None:
    """By the hour."""
    client = snowflake({statement: []})
    assert read_failed(client, FailedArguments(hours), scope).count == 0
    assert [one.parameters for one in client.asked] == [(-hours,)]


@pytest.mark.parametrize(
    ("elapsed", "everything", "share"),
    [(1000, 4000, 25.0), (1000, 1000, 100.0), (0, 0, 0.0), (None, None, 0.0), ("1000", "3000", 33.3)],
)
def test_a_share_is_of_all_the_time(elapsed: Any, everything: Any, share: float) -> None:
    """No time at all is not divided by; numbers may come as text."""
    assert top_from([query(elapsed_ms=elapsed, all_ms=everything)]).queries[0].share_percent == share


def test_the_bots_own_queries_are_not_told() -> None:
    """It would find itself first on a quiet warehouse."""
    assert top_from([query(query_tag=OURS), query(query_id="q2")]).top == top_from([query(query_id="q2")]).top
    assert failed_from([query(query_tag=OURS)]).count == 0


def test_a_failure_may_know_nothing_of_itself() -> None:
    """No warehouse, no code; a secret in its message is hidden."""
    row = query(warehouse_name=None, error_code=None, error_message="Bad URL s3://x?sig=abcdefgh", start_time=None)
    [told] = failed_from([row]).queries
    assert (told.warehouse, told.error_code, told.started_at) == ("", "", None)
    assert told.error_message == "Bad URL s3://x?sig=•••"


def test_older_rows_without_a_size_cost_nothing() -> None:
    """An estimate needs one."""
    row = query(elapsed_ms=3_600_000)
    del row["warehouse_size"]
    assert top_from([row]).queries[0].credits == 0.0
