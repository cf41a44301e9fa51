"""Refused logins, users and timeouts on the warehouse stand-in, where they really happen."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import snowflake.connector

from bot.diagnostics.derivations.login_cause import LoginArguments, find_login_cause
from bot.diagnostics.derivations.timeout_cause import TimeoutArguments, find_timeout_cause
from bot.errors import NotFound

pytestmark = pytest.mark.sandbox
Ask = Callable[..., Any]
ORDERS = "SELECT COUNT(*) FROM ECOMMERCE_RAW.POSTGRES.RAW_ORDERS WHERE ORDER_ID >= "


@pytest.fixture
def admin(connect: Callable[..., Any]) -> Iterator[Callable[[str], Any]]:
    """Statements of PLATFORM_ADMIN."""
    with connect("PLATFORM_ADMIN") as session:
        yield lambda statement: session.cursor().execute(statement)


def refuse(connect: Callable[..., Any], user: str, **more: Any) -> None:
    """One attempt that is refused."""
    with pytest.raises(snowflake.connector.errors.Error):
        connect(user, **more)


def test_a_rotated_key_is_told_with_its_exact_reason(
    ask: Ask, admin: Callable[[str], Any], connect: Callable[..., Any], warehouse: dict[str, Any]
) -> None:
    """The service worked, its key was changed, and now it is refused: who, why, since when."""
    connect("SVC_LOADER").close()
    pem = (Path(warehouse["warehouse"]["keys"]) / "SVC_RUNBOOK.pub").read_text()
    admin(f"ALTER USER SVC_LOADER SET RSA_PUBLIC_KEY = '{''.join(pem.splitlines()[1:-1])}'")
    refuse(connect, "SVC_LOADER")
    logins = ask("snowflake.logins")
    assert (logins.worst.user, logins.worst.code, logins.worst.kind) == ("SVC_LOADER", 394304, "key")
    assert (logins.worst.client_ip, logins.worst.is_over, logins.source) == ("127.0.0.1", False, "live")
    assert logins.worst.last_success_at < logins.worst.last_failed_at
    cause = find_login_cause(LoginArguments(logins, ask("snowflake.user", user="svc_loader")), datetime.now(UTC))
    assert "the public key at Snowflake is not the one" in cause.sentence


def test_a_disabled_user_is_seen_without_the_right_to_describe_it(
    ask: Ask, admin: Callable[[str], Any], connect: Callable[..., Any]
) -> None:
    """ACCOUNT_USAGE says what it has; the bot's own user it may describe."""
    admin("ALTER USER SVC_LOADER SET DISABLED = TRUE")
    refuse(connect, "SVC_LOADER")
    user = ask("snowflake.user", user="SVC_LOADER")
    assert (user.source, user.is_disabled, user.problems) == ("account_usage", True, ("it is disabled",))
    assert ask("snowflake.logins", user="svc_loader").worst.kind == "disabled"
    own = ask("snowflake.user", user="SVC_RUNBOOK")
    assert (own.source, own.has_key, len(own.fingerprints)) == ("describe", True, 1)
    with pytest.raises(NotFound, match="there is no user NOBODY"):
        ask("snowflake.user", user="NOBODY")


def test_a_refused_address_is_told(ask: Ask, admin: Callable[[str], Any], connect: Callable[..., Any]) -> None:
    """By a policy of the user, which only its owner may see; the account's own is shown with its level."""
    admin("CREATE NETWORK POLICY ONLY_OFFICE ALLOWED_IP_LIST = ('192.0.2.0/24')")
    admin("CREATE NETWORK POLICY EVERYWHERE ALLOWED_IP_LIST = ('0.0.0.0/0')")
    admin("ALTER USER SVC_LOADER SET NETWORK_POLICY = ONLY_OFFICE")
    admin("ALTER ACCOUNT SET NETWORK_POLICY = EVERYWHERE")
    refuse(connect, "SVC_LOADER")
    user = ask("snowflake.user", user="SVC_LOADER")
    assert (user.network_policy, user.policy_level) == ("EVERYWHERE", "ACCOUNT")
    worst = ask("snowflake.logins").worst
    assert (worst.user, worst.kind, worst.client_ip) == ("SVC_LOADER", "address", "127.0.0.1")


def test_nobody_refused_is_seen_as_such(ask: Ask) -> None:
    """The bot's own logins were seen, so that "none" means none."""
    logins = ask("snowflake.logins")
    assert logins.worst is None
    assert logins.attempts > 0


def test_a_query_that_its_warehouses_limit_cut(
    ask: Ask, admin: Callable[[str], Any], connect: Callable[..., Any], control: Ask
) -> None:
    """Found without its id, with its usual time from other literals, the limit and who set it."""
    with connect("ANALYST_KIM", warehouse="LOADING_WH") as kim:
        for number in (5, 6):
            kim.cursor().execute(f"{ORDERS}{number}")
        admin("ALTER WAREHOUSE LOADING_WH SET STATEMENT_TIMEOUT_IN_SECONDS = 6")
        control("faults", hang_s=300, user="ANALYST_KIM", contains="RAW_ORDERS")
        with pytest.raises(snowflake.connector.errors.Error, match="timeout of 6 second"):
            kim.cursor().execute(f"{ORDERS}7")
    profile = ask("snowflake.query_profile", warehouse="LOADING_WH")
    assert (profile.user, profile.timeout_s, profile.is_named, profile.successes) == ("ANALYST_KIM", 6.0, False, 2)
    assert profile.elapsed_s >= 6.0 > profile.usual_s
    assert profile.spilled_bytes == 0
    named = ask("snowflake.query_profile", query_id=profile.query_id.upper())
    assert (named.is_named, named.query_id) == (True, profile.query_id)
    limits = ask("snowflake.timeouts", warehouse="LOADING_WH", user="ANALYST_KIM", cut_after_s=profile.timeout_s)
    assert (limits.set_at, limits.name) == ("warehouse", "LOADING_WH")
    assert [limit.run_s for limit in limits.limits] == [6.0, None, 172800.0]
    assert find_timeout_cause(TimeoutArguments(profile), datetime.now(UTC)).kind == "slow"


def test_an_id_that_was_cut_short_finds_the_newest(ask: Ask) -> None:
    """Or nothing, when nothing was cut."""
    assert not ask("snowflake.query_profile", query_id="01bfe3c1-0206-a1cd-0000-52ed").exists
