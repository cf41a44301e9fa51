"""The environment Airflow runs in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.sandbox.airflow.configuration import USERS, Home, connections, server_settings, write_passwords


def test_passwords_are_private_and_kept(tmp_path: Path) -> None:
    """Every user has one, only the owner can read them, and a restart does not log anybody out."""
    path = tmp_path / "passwords.json"
    write_passwords(path)
    first = json.loads(path.read_text())
    write_passwords(path)
    assert first.keys() == USERS.keys()
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text()) == first


def test_two_sandboxes_have_different_passwords(tmp_path: Path) -> None:
    """Passwords are drawn, not derived."""
    write_passwords(tmp_path / "one")
    write_passwords(tmp_path / "two")
    assert json.loads((tmp_path / "one").read_text()) != json.loads((tmp_path / "two").read_text())


def test_every_address_follows_the_port(tmp_path: Path) -> None:
    """The workers' API address is the API server's, on this machine only."""
    settings = server_settings(Home(tmp_path, port=28080))
    assert settings["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert settings["AIRFLOW__API__PORT"] == "28080"
    assert settings["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:28080/execution/"


def test_the_dags_folder_holds_the_dag(tmp_path: Path) -> None:
    """Airflow is pointed at the folder beside this package, wherever it is installed."""
    folder = Path(server_settings(Home(tmp_path, port=1))["AIRFLOW__CORE__DAGS_FOLDER"])
    assert (folder / "ecommerce_daily.py").exists()


def test_connections_come_from_the_sandbox(tmp_path: Path) -> None:
    """Slack's base URL is the stand-in's; the source's password is escaped into a URL."""
    passwords = tmp_path / "passwords.json"
    passwords.write_text(json.dumps({"airflow_extract": "p/w@d"}))
    made = connections(
        {
            "SANDBOX_SLACK_API_URL": "http://127.0.0.1:1/api/",
            "SANDBOX_SOURCE_PORT": "2",
            "SANDBOX_SOURCE_PASSWORDS": str(passwords),
        }
    )
    assert json.loads(made["AIRFLOW_CONN_DATA_ALERTS"])["extra"]["base_url"] == "http://127.0.0.1:1/api/"
    assert made["SANDBOX_SOURCE_URL"] == "postgresql://airflow_extract:p%2Fw%40d@127.0.0.1:2/ecommerce_source"


def test_a_missing_setting_is_named() -> None:
    """Started by hand without the sandbox's variables, the launcher says which is missing."""
    with pytest.raises(KeyError, match="SANDBOX_SOURCE_PASSWORDS"):
        connections({})
