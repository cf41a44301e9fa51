"""How old the newest row of each mart is; a mart that cannot be read does not hide the others."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import AccessDenied, EntityError, NotFound, Unreachable
from bot.integrations.snowflake.probes.freshness import (
    CURRENT,
    FreshnessArguments,
    Mart,
    MartFreshness,
    Seen,
    columns_statement,
    freshness_from,
    newest_statement,
    read_freshness,
    written_statement,
)
from tests.integrations.snowflake.builders import AT, column, snowflake

NOW = datetime(2026, 11, 23, 5, 3, tzinfo=UTC)
CATALOGUE, NEWEST, WRITTEN = columns_statement("DB"), newest_statement("DB", "S", "T", "C"), written_statement("DB")
MART = Mart("db.s.t", "c", 24.0)


def account(**more: Any) -> Any:
    """One in which DB.S.T has rows of 04:00."""
    answers: dict[str, Any] = {CATALOGUE: [column()], NEWEST: [{"newest": AT}], WRITTEN: [{"last_altered": AT}]}
    return snowflake({**answers, CURRENT: [{"database_name": None}], **more})


def test_a_mart_is_read_under_the_catalogues_names(scope: Scope) -> None:
    """The newest value of its column, and when anything changed the table."""
    found = read_freshness(account(), FreshnessArguments((MART,)), scope)
    [mart] = found.marts
    assert (mart.name, mart.newest, mart.written_at, mart.is_stale) == ("t", AT, AT, False)
    assert found.worst == mart


@pytest.mark.parametrize(
    ("hidden", "newest"), [({WRITTEN: []}, AT), ({NEWEST: [{"newest": None}]}, None)], ids=["view", "no rows"]
)
def test_what_the_catalogue_does_not_tell_is_unknown(hidden: dict[str, Any], newest: Any, scope: Scope) -> None:
    """A view has no time of change; a table without rows has no newest, and is stale."""
    [mart] = read_freshness(account(**hidden), FreshnessArguments((MART,)), scope).marts
    assert (mart.newest, mart.is_stale) == (newest, newest is None)


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (Mart("db.s.gone", "x", 1.0), "there is no column X in DB.S.GONE, or the bot's role may not see it"),
        (Mart("s.t", "c", 1.0), "'s.t' is not a table's name: write DATABASE.SCHEMA.TABLE."),
        (Mart("db.s.t", "c; --", 1.0), "'c; --' is not the name of a column."),
    ],
)
def test_one_that_cannot_be_read_says_why_in_its_place(broken: Mart, problem: str, scope: Scope) -> None:
    """Not there, half a name in a session without a database, no name at all."""
    client = account(**{CATALOGUE: lambda _schema, _table, name: [column()] if name == "C" else []})
    found = read_freshness(client, FreshnessArguments((broken, MART)), scope)
    assert [mart.problem for mart in found.marts] == [problem, ""]
    assert (found.stale_count, found.worst) == (0, found.marts[1])


@pytest.mark.parametrize(
    ("client", "marts", "error"),
    [
        (account(**{CATALOGUE: []}), (MART, MART), NotFound),
        (account(**{NEWEST: AccessDenied("snowflake", "no")}), (MART,), AccessDenied),
        (account(), (Mart("t", "c", 1.0),), EntityError),
        (account(**{NEWEST: Unreachable("snowflake", "down")}), (MART, Mart("db.s.gone", "x", 1.0)), Unreachable),
    ],
)
def test_when_none_can_be_read_it_is_an_error(client: Any, marts: tuple[Mart, ...], error: Any, scope: Scope) -> None:
    """The first one's; a system that is down is never told as a mart's own problem."""
    with pytest.raises(error):
        read_freshness(client, FreshnessArguments(marts), scope)


def test_no_marts_ask_nothing_and_twenty_are_enough(scope: Scope) -> None:
    """Each costs three statements."""
    assert read_freshness(snowflake({}), FreshnessArguments(), scope).marts == ()
    assert len(read_freshness(account(), FreshnessArguments((MART,) * 30), scope).marts) == 20


@pytest.mark.parametrize(
    ("age", "is_stale"), [(24.0, False), (24.04, False), (24.1, True), (0.0, False), (-2.0, False)]
)
def test_stale_begins_beyond_the_age(age: float, is_stale: bool) -> None:
    """To a tenth of an hour; a mart of tomorrow's date is not stale."""
    found = freshness_from([(MART, Seen(NOW - timedelta(hours=age)))], NOW)
    assert found.is_stale is is_stale
    assert found.stale_tables == (("db.s.t",) if is_stale else ())


def test_the_worst_is_the_one_furthest_over_its_own_age() -> None:
    """Not the oldest; one without rows is worse than any; one that could not be read is none."""
    weekly, daily = Mart("weekly", "c", 168.0), Mart("daily", "c", 24.0)
    seen = [(weekly, Seen(date(2026, 11, 17))), (daily, Seen(date(2026, 11, 21))), (MART, Seen(problem="gone"))]
    found = freshness_from(seen, NOW)
    assert found.worst is not None
    assert (found.worst.table, found.stale_count) == ("daily", 1)
    assert found.newest == datetime(2026, 11, 17, tzinfo=UTC)
    empty = freshness_from([*seen, (Mart("empty", "c", 999.0), Seen())], NOW)
    assert empty.worst is not None
    assert empty.worst.table == "empty"


def test_a_table_is_called_by_its_last_part() -> None:
    """A sentence has no room for three."""
    assert MartFreshness("DB.MARTS.FCT_ORDERS", "C", None, None, 1.0, is_stale=True).name == "FCT_ORDERS"
