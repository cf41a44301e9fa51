"""SNOWFLAKE_* settings: absent, half there, wrong, or what to connect with; and a host that is not there."""

import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import SettingsError, Unreachable
from bot.integrations.snowflake import connect_change, connect_read
from bot.integrations.snowflake.settings import read_settings
from tests.stopwatch import quickest

ACCOUNT = {"SNOWFLAKE_ACCOUNT": "shop", "SNOWFLAKE_USER": "SVC_RUNBOOK"}
TOKEN = {**ACCOUNT, "SNOWFLAKE_TOKEN": "t0ken"}


def test_no_settings_is_no_client() -> None:
    """Absent is not broken, even where a role is named."""
    assert connect_read({"SNOWFLAKE_ROLE": "RUNBOOK_READ"}) is None
    assert connect_change({"SNOWFLAKE_CHANGE_ROLE": "RUNBOOK_CHANGE"}) is None
    assert connect_change(TOKEN) is None


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (ACCOUNT, "SNOWFLAKE_PRIVATE_KEY_FILE"),
        ({"SNOWFLAKE_TOKEN": "t0ken", "SNOWFLAKE_USER": "u"}, "SNOWFLAKE_ACCOUNT is missing"),
        ({"SNOWFLAKE_ACCOUNT": "shop"}, "SNOWFLAKE_USER and SNOWFLAKE_PRIVATE_KEY_FILE"),
        ({**TOKEN, "SNOWFLAKE_PORT": "http"}, "SNOWFLAKE_PORT should be a number"),
        ({**ACCOUNT, "SNOWFLAKE_PRIVATE_KEY_FILE": "no/such.pem"}, "SNOWFLAKE_PRIVATE_KEY_FILE names no file"),
    ],
)
def test_half_settings_name_what_is_missing(given: dict[str, str], missing: str) -> None:
    """The message says which setting, and never the token."""
    with pytest.raises(SettingsError, match=missing) as caught:
        connect_read(given)
    assert "t0ken" not in str(caught.value)


def test_how_to_log_in_follows_from_what_is_given(tmp_path: Path) -> None:
    """A key means JWT, a token a programmatic access token, unless the authenticator is named."""
    key = tmp_path / "key.pem"
    key.touch()
    by_key = read_settings({**ACCOUNT, "SNOWFLAKE_PRIVATE_KEY_FILE": str(key)}, "SNOWFLAKE_ROLE")
    by_token, by_oauth = read_settings(TOKEN, ""), read_settings({**TOKEN, "SNOWFLAKE_AUTHENTICATOR": "oauth"}, "")
    found = [settings.options["authenticator"] for settings in (by_key, by_token, by_oauth) if settings]
    assert found == ["SNOWFLAKE_JWT", "PROGRAMMATIC_ACCESS_TOKEN", "oauth"]


def test_the_two_clients_differ_by_their_role() -> None:
    """The role of the setting, and only that one, is asked for."""
    roles = {"SNOWFLAKE_ROLE": "RUNBOOK_READ", "SNOWFLAKE_CHANGE_ROLE": "RUNBOOK_CHANGE"}
    found = [read_settings({**TOKEN, **roles}, name) for name in roles]
    assert [settings.options["role"] for settings in found if settings] == ["RUNBOOK_READ", "RUNBOOK_CHANGE"]


def reason_of(port: int, scope: Scope) -> str:
    """What reading from that port of this machine ends with."""
    here = {"SNOWFLAKE_HOST": "127.0.0.1", "SNOWFLAKE_PORT": str(port), "SNOWFLAKE_PROTOCOL": "http"}
    client = connect_read({**ACCOUNT, "SNOWFLAKE_PASSWORD": "s3cr3t", **here})
    assert client is not None
    with closing(client), pytest.raises(Unreachable) as caught:
        client.fetch("SELECT 1", (), scope)
    return str(caught.value)


def test_a_refused_connection_is_told_at_once(closed_port: int, scope: Scope) -> None:
    """The connector alone would retry until its login timeout and then not say why."""
    begun = time.monotonic()
    assert reason_of(closed_port, scope) == f"snowflake: connection refused by 127.0.0.1:{closed_port}"
    assert time.monotonic() - begun < scope.deadline_s / 2


def test_a_silent_server_costs_the_deadline(silent_port: int, scope: Scope) -> None:
    """A server that accepts and never answers is given up in time."""

    def give_up() -> None:
        reason = reason_of(silent_port, replace(scope, deadline_s=2.0))
        assert reason == f"snowflake: 127.0.0.1:{silent_port} did not answer within 2 s"

    assert quickest(give_up, 6) < 6
