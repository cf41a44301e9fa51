"""Parameters at their levels: who set a timeout, where, and that it is the one which cuts."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.sandbox
TIMEOUT = "SHOW PARAMETERS LIKE 'STATEMENT_TIMEOUT_IN_SECONDS'"


def shown(client: Any, where: str) -> tuple[str, str, str]:
    """Value, default and level."""
    (row,) = client.ask(f"{TIMEOUT} {where}").records()
    return row["value"], row["default"], row["level"]


def test_a_default_has_no_level(server: Any) -> None:
    """Nothing is set anywhere: two days, and nobody to ask."""
    client = server.connect("PLATFORM_ADMIN")
    for where in ("IN SESSION", "IN ACCOUNT", "FOR USER SVC_LOADER", "IN WAREHOUSE LOADING_WH"):
        assert shown(client, where) == ("172800", "172800", ""), where


def test_each_level_says_who_set_it(server: Any) -> None:
    """A user's wins over the account's, a session's over both; a warehouse's stands beside them."""
    admin = server.connect("PLATFORM_ADMIN")
    admin.ask("ALTER ACCOUNT SET STATEMENT_TIMEOUT_IN_SECONDS = 3600")
    admin.ask("ALTER USER SVC_LOADER SET STATEMENT_TIMEOUT_IN_SECONDS = 900")
    admin.ask("ALTER WAREHOUSE LOADING_WH SET STATEMENT_TIMEOUT_IN_SECONDS = 300")
    assert shown(admin, "IN ACCOUNT")[::2] == ("3600", "ACCOUNT")
    assert shown(admin, "FOR USER SVC_LOADER")[::2] == ("900", "USER")
    assert shown(admin, "FOR USER SVC_RUNBOOK")[::2] == ("3600", "ACCOUNT")
    assert shown(admin, "IN WAREHOUSE LOADING_WH")[::2] == ("300", "WAREHOUSE")
    loader = server.connect("SVC_LOADER")
    assert shown(loader, "IN SESSION")[::2] == ("900", "USER")
    loader.ask("ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 60")
    assert shown(loader, "IN SESSION")[::2] == ("60", "SESSION")


def test_a_users_settings_are_set_whole_or_not_at_all(server: Any, refused: Any) -> None:
    """What comes before a mistake in the same statement is not set either."""
    admin = server.connect("PLATFORM_ADMIN")
    with pytest.raises(refused, match="maybe"):
        admin.ask("ALTER USER SVC_LOADER SET STATEMENT_TIMEOUT_IN_SECONDS = 900, DISABLED = maybe")
    assert shown(admin, "FOR USER SVC_LOADER")[2] == ""


def test_a_limit_of_the_user_really_cuts(server: Any, refused: Any) -> None:
    """A session that set nothing inherits it, and the error names the seconds."""
    server.connect("PLATFORM_ADMIN").ask("ALTER USER ANALYST_KIM SET STATEMENT_TIMEOUT_IN_SECONDS = 1")
    server.control("faults", {"hang_s": 20, "user": "ANALYST_KIM", "contains": "RAW_ORDERS"})
    with pytest.raises(refused, match=r"timeout of 1 second\(s\)"):
        server.connect("ANALYST_KIM").ask("SELECT COUNT(*) FROM ECOMMERCE_RAW.POSTGRES.RAW_ORDERS")


def test_a_user_is_shown_to_its_owner_only(server: Any, refused: Any) -> None:
    """The bot's reading role sees warehouses and the account."""
    bot = server.connect("SVC_RUNBOOK")
    assert shown(bot, "IN WAREHOUSE LOADING_WH")[2] == ""
    with pytest.raises(refused, match="does not exist or not authorized"):
        bot.ask(f"{TIMEOUT} FOR USER SVC_LOADER")
    with pytest.raises(refused, match="Insufficient privileges"):
        bot.ask("ALTER ACCOUNT SET STATEMENT_TIMEOUT_IN_SECONDS = 1")


def test_equal_statements_have_equal_hashes(server: Any) -> None:
    """White space and letters never count; compared literals do not count in the parameterised one."""
    client = server.connect("SVC_RUNBOOK")
    for text in ("SELECT 1 WHERE 1 = 5", "select 1\n  where 1 = 7", "SELECT 1 WHERE 2 > 1"):
        client.ask(text)
    rows = client.ask(
        "SELECT QUERY_HASH, QUERY_PARAMETERIZED_HASH FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY_BY_SESSION()) "
        "WHERE UPPER(QUERY_TEXT) LIKE 'SELECT 1%' ORDER BY START_TIME"
    ).rows
    assert len({row[0] for row in rows}) == 3
    assert rows[0][1] == rows[1][1] != rows[2][1]


def test_what_spilled_is_in_the_view_only(server: Any, refused: Any) -> None:
    """As documented: the table functions have no such column."""
    client = server.connect("SVC_RUNBOOK")
    client.ask("SELECT SUM(BYTES_SPILLED_TO_LOCAL_STORAGE) FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY")
    with pytest.raises(refused):
        client.ask("SELECT BYTES_SPILLED_TO_LOCAL_STORAGE FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY())")
