"""Why a login is refused, and what changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.diagnostics.derivations.login_cause import LoginArguments, LoginCause, find_login_cause
from bot.integrations.snowflake.probes.logins import LOGINS, Logins, UserLogins
from bot.integrations.snowflake.probes.user import User

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
WORST = LOGINS.typical.worst
assert WORST is not None
assert WORST.last_success_at is not None


def cause(worst: UserLogins | None, user: User | None = None) -> LoginCause:
    """The verdict on that user's refused logins."""
    users = (worst,) if worst else ()
    return find_login_cause(LoginArguments(Logins(users, worst, 42), user), NOW)


def test_a_key_that_was_changed_since_the_last_login_is_named() -> None:
    """Who, why, what to do, and what did it."""
    changed = User("SVC_LOADER", key_set_at=WORST.last_success_at + timedelta(hours=13))
    found = cause(WORST, changed)
    assert (found.kind, found.user) == ("key", "SVC_LOADER")
    assert found.sentence.startswith("SVC_LOADER is refused: the public key at Snowflake is not the one")
    assert "RSA_PUBLIC_KEY_FP" in found.advice
    assert found.since == "its public key was set anew after its last login that worked"


def test_an_older_key_is_not_blamed() -> None:
    """It worked with that key; another user's key says nothing either."""
    old = User("SVC_LOADER", key_set_at=WORST.last_success_at - timedelta(days=90))
    assert cause(WORST, old).since == ""
    assert cause(WORST, replace(old, name="KIM", key_set_at=NOW)).since == ""
    assert cause(WORST).since == ""


def test_another_address_or_a_policy_is_named() -> None:
    """What the network has to do with it."""
    refused = replace(WORST, kind="address", meaning="a network policy refuses the address")
    assert "ONLY_OFFICE" in cause(refused, User("SVC_LOADER", network_policy="ONLY_OFFICE")).since
    moved = replace(WORST, kind="password", client_ip="192.0.2.7")
    assert cause(moved, User("SVC_LOADER")).since == "it comes from 192.0.2.7, and last came in from 10.4.2.17"


def test_the_change_that_did_it_is_named_only_where_it_is_known() -> None:
    """A key that never worked, a policy that is not there, an address that did not change or is not told."""
    never = replace(WORST, last_success_at=None)
    assert "set anew" in cause(never, User("SVC_LOADER", key_set_at=NOW)).since
    assert cause(never, User("SVC_LOADER")).since == ""
    refused = replace(WORST, kind="address", client_ip="10.4.2.17", last_success_ip="10.4.2.17")
    assert cause(refused, User("SVC_LOADER")).since == ""
    assert cause(replace(refused, last_success_ip=""), User("SVC_LOADER")).since == ""


def test_what_is_over_is_said_to_be_over() -> None:
    """Somebody mended it already."""
    assert cause(replace(WORST, is_over=True)).kind == "over"


def test_no_refused_login_and_no_right_to_look_are_two_things() -> None:
    """The first clears Snowflake, the second says nothing."""
    assert cause(None).kind == "none"
    assert find_login_cause(LoginArguments(Logins()), NOW).kind == "unknown"
    assert find_login_cause(LoginArguments(), NOW).kind == "unknown"
