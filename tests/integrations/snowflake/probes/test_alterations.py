"""Who altered a table lately: both histories are asked, and of the rest only what names the table."""

from datetime import timedelta

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import AccessDenied, EntityError
from bot.integrations.snowflake.probes.alterations import (
    ALL,
    LIVE,
    SHOWN,
    Alterations,
    AlterationsArguments,
    alterations_from,
    read_alterations,
)
from tests.integrations.snowflake.builders import AT, query, snowflake

ALTER = "alter table db.s.raw_orders add column x int"


@pytest.mark.parametrize("days", [7, -7])
def test_both_histories_are_asked_for_the_last_part_of_the_name(days: int, scope: Scope) -> None:
    """Statements name a table with and without its schema; the days go back however they are counted."""
    client = snowflake({LIVE: [query(query_text=ALTER)], ALL: []})
    found = read_alterations(client, AlterationsArguments("db.s.raw_orders", days), scope)
    assert [(one.statement, one.parameters) for one in client.asked] == [
        (LIVE, ("%RAW_ORDERS%", -7)),
        (ALL, ("%RAW_ORDERS%", -7)),
    ]
    assert found.table == "DB.S.RAW_ORDERS"
    assert found.latest is not None


def test_nothing_asked_reads_nothing(scope: Scope) -> None:
    """The alert named no table; what is no name is refused before anything is asked."""
    assert read_alterations(snowflake({}), AlterationsArguments(), scope) == Alterations()
    with pytest.raises(EntityError, match="is not the name of a table"):
        read_alterations(snowflake({}), AlterationsArguments("a.b.c%' OR 1=1"), scope)


def test_a_role_without_the_accounts_history_is_told_so(scope: Scope) -> None:
    """Half of the answer would look like "nobody altered it"."""
    client = snowflake({LIVE: [], ALL: AccessDenied("snowflake", "no")})
    with pytest.raises(AccessDenied):
        read_alterations(client, AlterationsArguments("a.b.c"), scope)


def test_five_are_shown_the_newest_first() -> None:
    """A migration alters a table many times; a secret in one is hidden."""
    rows = [
        query(query_id=f"q{day}", start_time=AT + timedelta(days=day), query_text=f"{ALTER} -- password='x{day}yz'")
        for day in range(9)
    ]
    found = alterations_from("DB.S.RAW_ORDERS", rows)
    assert [one.query_id for one in found.alterations] == ["q8", "q7", "q6", "q5", "q4"]
    assert len(found.alterations) == SHOWN
    assert found.latest == found.alterations[0]
    assert found.alterations[0].text.endswith("password='•••'")
