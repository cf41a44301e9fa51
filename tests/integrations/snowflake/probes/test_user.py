"""What keeps a user out: who is asked, and what each answer says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import AccessDenied, EntityError, NotFound, Unreachable
from bot.integrations.snowflake.probes.user import FROM_VIEW, POLICY, UserArguments, read_user, user_from
from tests.integrations.snowflake.builders import snowflake

NOW = datetime(2026, 11, 23, 5, 3, tzinfo=UTC)
DESCRIBE, OWN, WHOLE = 'DESC USER "KIM"', f'{POLICY} FOR USER "KIM"', f"{POLICY} IN ACCOUNT"
DENIED = AccessDenied("snowflake", "no")


def described(**properties: str) -> list[dict[str, str]]:
    """Rows of DESC USER, with a key."""
    return [
        {"property": name, "value": value} for name, value in ({"RSA_PUBLIC_KEY_FP": "SHA256:x"} | properties).items()
    ]


def viewed(**more: Any) -> list[dict[str, Any]]:
    """The row of ACCOUNT_USAGE, of a user with a key."""
    nothing: dict[str, Any] = dict.fromkeys(
        (
            "type",
            "disabled",
            "snowflake_lock",
            "must_change_password",
            "default_role",
            "expires_at",
            "locked_until_time",
        )
    )
    return [{**nothing, "name": "KIM", "has_rsa_public_key": "true", "last_success_login": None, **more}]


def test_the_owner_sees_it_as_it_is_now(scope: Scope) -> None:
    """ACCOUNT_USAGE is not asked then; the user's own policy counts before the account's."""
    client = snowflake({DESCRIBE: described(TYPE="SERVICE"), OWN: [{"key": "x", "value": "OFFICE", "level": "user"}]})
    found = read_user(client, UserArguments(" kim "), scope)
    assert (found.source, found.type, found.network_policy, found.policy_level) == (
        "describe",
        "SERVICE",
        "OFFICE",
        "USER",
    )
    assert client.statements == [DESCRIBE, OWN]


@pytest.mark.parametrize("hidden", [DENIED, NotFound("snowflake", "no"), []])
def test_others_see_what_account_usage_tells(hidden: Any, scope: Scope) -> None:
    """The name is bound there; the account's policy where the user's may not be seen."""
    policy = [{"key": "x", "value": "OFFICE", "level": "ACCOUNT"}]
    client = snowflake({DESCRIBE: hidden, FROM_VIEW: viewed(), OWN: DENIED, WHOLE: policy})
    found = read_user(client, UserArguments("kim"), scope)
    assert (found.source, found.network_policy, found.policy_level) == ("account_usage", "OFFICE", "ACCOUNT")
    assert found.problems == ()
    assert client.asked[1].parameters == ("KIM",)


@pytest.mark.parametrize("view", [[], DENIED])
def test_a_user_that_nobody_shows_is_told(view: Any, scope: Scope) -> None:
    """Not there, or not to be seen: Snowflake does not say which."""
    told = r"there is no user KIM, or the bot's role may neither describe it nor see ACCOUNT_USAGE$"
    with pytest.raises(NotFound, match=told):
        read_user(snowflake({DESCRIBE: DENIED, FROM_VIEW: view}), UserArguments("kim"), scope)


def test_no_policy_to_be_seen_is_none_known(scope: Scope) -> None:
    """The rest is told all the same; an account that does not answer is an error."""
    found = read_user(snowflake({DESCRIBE: described(), OWN: DENIED, WHOLE: DENIED}), UserArguments("kim"), scope)
    assert (found.network_policy, found.policy_level) == ("", "")
    with pytest.raises(Unreachable):
        read_user(snowflake({DESCRIBE: Unreachable("snowflake", "down")}), UserArguments("kim"), scope)
    with pytest.raises(EntityError, match="is not the name of a user"):
        read_user(snowflake({}), UserArguments("kim lee"), scope)


@pytest.mark.parametrize(
    ("properties", "problems"),
    [
        ({"DISABLED": "true"}, ("it is disabled",)),
        ({"DISABLED": "false", "SNOWFLAKE_LOCK": "true"}, ("it is locked",)),
        ({"MINS_TO_UNLOCK": "14"}, ("it is locked",)),
        ({"MINS_TO_UNLOCK": "0"}, ()),
        ({"MINS_TO_UNLOCK": "null", "DAYS_TO_EXPIRY": "null"}, ()),
        ({"DAYS_TO_EXPIRY": "0"}, ("it has expired",)),
        ({"DAYS_TO_EXPIRY": "-3.5"}, ("it has expired",)),
        ({"DAYS_TO_EXPIRY": "0.01"}, ()),
        ({"MUST_CHANGE_PASSWORD": "TRUE"}, ("its password must be changed first",)),
        ({"RSA_PUBLIC_KEY_FP": "null"}, ("it has no public key",)),
        ({"RSA_PUBLIC_KEY_FP": "null", "RSA_PUBLIC_KEY_2_FP": "SHA256:y"}, ()),
        ({"DISABLED": "true", "RSA_PUBLIC_KEY_FP": ""}, ("it is disabled", "it has no public key")),
    ],
)
def test_what_its_owner_reads_is_told_in_words(properties: dict[str, str], problems: tuple[str, ...]) -> None:
    """Each of them, and only those; SHOW's `null` is nothing."""
    assert user_from("KIM", described(**properties), [], [], NOW).problems == problems


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        ({}, ()),
        ({"disabled": True}, ("it is disabled",)),
        ({"disabled": "false", "snowflake_lock": "true"}, ("it is locked",)),
        ({"locked_until_time": NOW + timedelta(seconds=1)}, ("it is locked",)),
        ({"locked_until_time": NOW}, ()),
        ({"expires_at": NOW}, ("it has expired",)),
        ({"expires_at": NOW + timedelta(seconds=1)}, ()),
        ({"has_rsa_public_key": "false"}, ("it has no public key",)),
        ({"has_rsa_public_key": None}, ()),  # unknown is no problem
    ],
)
def test_what_account_usage_tells_is_told_in_words(row: dict[str, Any], problems: tuple[str, ...]) -> None:
    """Against the time now, to the second."""
    assert user_from("KIM", [], viewed(**row), [], NOW).problems == problems


@pytest.mark.parametrize(
    ("text", "day"), [("2026-11-22 18:04:00.000", 22), ("Sun, 22 Nov 2026 18:04:00", None), ("null", None), ("", None)]
)
def test_a_time_in_another_form_hides_nothing_else(text: str, day: int | None) -> None:
    """The rest of what its owner reads is told all the same."""
    found = user_from("KIM", described(RSA_PUBLIC_KEY_LAST_SET_TIME=text, DISABLED="true"), [], [], NOW)
    assert (found.key_set_at.day if found.key_set_at else None) == day
    assert found.problems == ("it is disabled",)


def test_what_nobody_may_tell_is_unknown_and_not_false() -> None:
    """A card must not say "not disabled" of what it does not know."""
    found = user_from("KIM", [], viewed(), [], NOW)
    assert (found.is_disabled, found.is_expired, found.must_change_password, found.type) == (None, False, None, "")
