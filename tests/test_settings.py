"""The environment becomes settings, or an error that names every variable that is wrong."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import SLACK_API_URL, default_playbooks, read_settings

SOCKET = {"SLACK_BOT_TOKEN": "xoxb-not-real", "SLACK_APP_TOKEN": "xapp-not-real"}
SIGNED = {"SLACK_BOT_TOKEN": "xoxb-not-real", "SLACK_SIGNING_SECRET": "not-real"}


def test_socket_mode_needs_nothing_but_two_tokens() -> None:
    """Everything else has a default that works."""
    settings = read_settings(SOCKET)
    assert settings.is_socket_mode
    assert (settings.port, settings.slack_api_url) == (3000, SLACK_API_URL)
    assert settings.database_url.startswith("sqlite:///")


def test_signed_http_needs_the_signing_secret() -> None:
    """Without an app-level token the bot listens on $PORT, which it does only signed."""
    assert not read_settings(SIGNED).is_socket_mode
    with pytest.raises(SettingsError, match=r"SLACK_APP_TOKEN .* or SLACK_SIGNING_SECRET"):
        read_settings({"SLACK_BOT_TOKEN": "xoxb-not-real"})


def test_an_empty_variable_counts_as_absent() -> None:
    """`SLACK_APP_TOKEN=` in an env file does not switch Socket Mode on, nor does `PORT=` fail."""
    settings = read_settings({**SIGNED, "SLACK_APP_TOKEN": "", "PORT": ""})
    assert (settings.is_socket_mode, settings.port) == (False, 3000)


def test_every_wrong_variable_is_named_at_once_and_no_value_is_shown() -> None:
    """One start tells all that is wrong, and never prints what was given: it may be a secret."""
    with pytest.raises(SettingsError) as caught:
        read_settings({"PORT": "hunter2"})
    assert "SLACK_BOT_TOKEN" in str(caught.value)
    assert "PORT" in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("port", ["0", "65536", "-1"])
def test_a_port_that_cannot_be_listened_on_is_refused(port: str) -> None:
    """Ports are 1 to 65535."""
    with pytest.raises(SettingsError, match="PORT"):
        read_settings({**SOCKET, "PORT": port})


def test_secrets_do_not_show() -> None:
    """Neither the text nor the repr of the settings gives a token away."""
    shown = f"{read_settings({**SOCKET, **SIGNED})!r} {read_settings(SOCKET)}"
    assert "not-real" not in shown


@pytest.mark.parametrize("given", ["http://127.0.0.1:9/api", "http://127.0.0.1:9/api/"])
def test_the_slack_url_ends_in_a_slash(given: str) -> None:
    """slack_sdk joins method names onto the base as it is."""
    assert read_settings({**SOCKET, "SLACK_API_URL": given}).slack_api_url == "http://127.0.0.1:9/api/"


def test_settings_cannot_be_changed_after_reading() -> None:
    """Whoever holds settings may rely on them."""
    settings = read_settings(SOCKET)
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1


def test_playbooks_beside_the_working_folder_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A team's own `playbooks/` is taken before those that came with the package."""
    monkeypatch.chdir(tmp_path)
    assert default_playbooks() != Path("playbooks")
    (tmp_path / "playbooks").mkdir()
    assert default_playbooks() == Path("playbooks")


def test_replicas_on_postgresql_need_names_of_their_own() -> None:
    """Two executors of one name would run each other's remedies, so no name is taken for granted there."""
    url = {"DATABASE_URL": "postgresql://bot@db/runbook"}
    with pytest.raises(SettingsError, match="RUNBOOK_EXECUTOR"):
        read_settings({**SOCKET, **url})
    assert read_settings({**SOCKET, **url, "RUNBOOK_EXECUTOR": "worker-1"}).executor == "worker-1"
