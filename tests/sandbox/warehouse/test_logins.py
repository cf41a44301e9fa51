"""Login history and users: what really was tried, why it was refused, and what keeps a user out."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.sandbox
HISTORY = (
    "SELECT USER_NAME, CLIENT_IP, REPORTED_CLIENT_TYPE, FIRST_AUTHENTICATION_FACTOR, IS_SUCCESS, ERROR_CODE, "
    "ERROR_MESSAGE FROM TABLE(INFORMATION_SCHEMA.LOGIN_HISTORY(RESULT_LIMIT => 10000)) "
    "ORDER BY EVENT_TIMESTAMP DESC, EVENT_ID DESC"
)


def refuse(server: Any, refused: Any, user: str, **more: Any) -> Any:
    """The refusal of one attempt."""
    with pytest.raises(refused) as caught:
        server.connect(user, **more)
    return caught.value


@pytest.fixture
def fresh(server: Any) -> Any:
    """The stand-in with an account of its own: nobody has logged in yet."""
    server.control("reset", {})
    return server


def test_every_attempt_is_told(fresh: Any, refused: Any) -> None:
    """Success and failure, with address, client and factor; a failure by number and name."""
    loader = fresh.connect("SVC_LOADER")
    foreign = str(fresh.folder / "keys" / "SVC_RUNBOOK.pem")
    assert refuse(fresh, refused, "SVC_LOADER", private_key_file=foreign).errno == 390144
    first, second = loader.ask(HISTORY).rows
    assert first[:5] == ("SVC_LOADER", "127.0.0.1", "PYTHON_DRIVER", "RSA_KEYPAIR", "NO")
    assert first[5:] == (394304, "JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH")
    assert second[4:] == ("YES", None, None)


def test_only_users_that_the_role_may_monitor_are_told(fresh: Any) -> None:
    """One's own attempts always; the rest by MONITOR on the user. ACCOUNT_USAGE has all of them."""
    fresh.connect("SVC_LOADER")
    fresh.connect("PLATFORM_ADMIN")
    bot = fresh.connect("SVC_RUNBOOK")
    assert {row[0] for row in bot.ask(HISTORY).rows} == {"SVC_LOADER", "SVC_RUNBOOK"}
    view = "SELECT USER_NAME FROM SNOWFLAKE.ACCOUNT_USAGE.LOGIN_HISTORY WHERE IS_SUCCESS = 'YES'"
    assert {row[0] for row in bot.ask(view).rows} == {"SVC_LOADER", "PLATFORM_ADMIN", "SVC_RUNBOOK"}
    mine = "SELECT DISTINCT USER_NAME FROM TABLE(INFORMATION_SCHEMA.LOGIN_HISTORY_BY_USER(USER_NAME => 'SVC_LOADER'))"
    assert bot.ask(mine).rows == [("SVC_LOADER",)]


@pytest.mark.parametrize(
    ("setting", "code", "name"),
    [
        ("DISABLED = TRUE", 390101, "USER_ACCESS_DISABLED"),
        ("DAYS_TO_EXPIRY = 0", 390101, "USER_ACCESS_DISABLED"),
        ("MINS_TO_UNLOCK = 10", 390102, "USER_LOCKED_TEMP"),
        ("NETWORK_POLICY = ONLY_OFFICE", 390422, "INCOMING_REQUEST_BLOCKED"),
    ],
)
def test_what_keeps_a_user_out(fresh: Any, refused: Any, setting: str, code: int, name: str) -> None:
    """An administrator's setting really refuses the next login, and history names it."""
    admin = fresh.connect("PLATFORM_ADMIN")
    admin.ask("CREATE NETWORK POLICY ONLY_OFFICE ALLOWED_IP_LIST = ('192.0.2.0/24')")
    admin.ask(f"ALTER USER SVC_LOADER SET {setting}")
    assert refuse(fresh, refused, "SVC_LOADER").errno == code
    assert admin.ask(HISTORY).rows[0][5:] == (code, name)


def test_wrong_passwords_lock_a_user(fresh: Any, refused: Any) -> None:
    """Five in a row, then even the right key is refused until an administrator unlocks."""
    for _ in range(5):
        refuse(fresh, refused, "SVC_LOADER", authenticator="snowflake", private_key_file=None, password="guess")
    assert refuse(fresh, refused, "SVC_LOADER").errno == 390102
    fresh.connect("PLATFORM_ADMIN").ask("ALTER USER SVC_LOADER SET MINS_TO_UNLOCK = 0")
    assert fresh.connect("SVC_LOADER").ask("SELECT CURRENT_USER()").one() == "SVC_LOADER"


def test_a_rotated_key_ends_the_old_one(fresh: Any, refused: Any) -> None:
    """ALTER USER … SET RSA_PUBLIC_KEY: the fingerprint of DESC USER changes, and only the new key logs in."""
    admin = fresh.connect("PLATFORM_ADMIN")
    before = dict(row[:2] for row in admin.ask("DESC USER SVC_LOADER").rows)
    pem = (fresh.folder / "keys" / "SVC_RUNBOOK.pub").read_text()
    admin.ask(f"ALTER USER SVC_LOADER SET RSA_PUBLIC_KEY = '{''.join(pem.splitlines()[1:-1])}'")
    after = dict(row[:2] for row in admin.ask("DESC USER SVC_LOADER").rows)
    assert after["RSA_PUBLIC_KEY_FP"].startswith("SHA256:")
    assert after["RSA_PUBLIC_KEY_FP"] != before["RSA_PUBLIC_KEY_FP"]
    assert refuse(fresh, refused, "SVC_LOADER").errno == 390144
    fresh.connect("SVC_LOADER", private_key_file=str(fresh.folder / "keys" / "SVC_RUNBOOK.pem"))


def test_only_owners_describe_users(server: Any, refused: Any) -> None:
    """DESC USER of another needs OWNERSHIP; of oneself nothing; ACCOUNT_USAGE.USERS says what it has."""
    bot = server.connect("SVC_RUNBOOK")
    with pytest.raises(refused, match="User 'SVC_LOADER' does not exist or not authorized"):
        bot.ask("DESC USER SVC_LOADER")
    assert dict(row[:2] for row in bot.ask("DESCRIBE USER SVC_RUNBOOK").rows)["DISABLED"] == "false"
    found = bot.ask(
        "SELECT NAME, DISABLED, HAS_RSA_PUBLIC_KEY, LAST_SUCCESS_LOGIN IS NOT NULL FROM SNOWFLAKE.ACCOUNT_USAGE.USERS "
        "WHERE NAME = 'SVC_RUNBOOK' AND DELETED_ON IS NULL"
    )
    assert found.rows == [("SVC_RUNBOOK", "false", True, True)]
