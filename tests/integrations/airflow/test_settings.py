"""AIRFLOW_* settings: what an address may be, what is missing, and what people see of it."""

import pytest

from bot.errors import SettingsError
from bot.integrations.airflow.settings import Settings, read_settings

LOGIN = {"AIRFLOW_USERNAME": "u", "AIRFLOW_PASSWORD": "s3cr3t"}


@pytest.mark.parametrize(
    "url",
    ["airflow:8080", "http://a:80x", "http://[::1", "/api/v2"],
)
def test_what_is_no_address_is_a_wrong_setting(url: str) -> None:
    """Told at the start, not in the middle of an incident."""
    with pytest.raises(SettingsError, match=r"^AIRFLOW_URL should look like https://airflow\.example\.com, without"):
        read_settings({"AIRFLOW_URL": url, **LOGIN})


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"AIRFLOW_USERNAME": "u"}, "AIRFLOW_URL and AIRFLOW_PASSWORD (or AIRFLOW_TOKEN)"),
        ({"AIRFLOW_PASSWORD": "s3cr3t"}, "AIRFLOW_URL and AIRFLOW_USERNAME (or AIRFLOW_TOKEN)"),
        ({"AIRFLOW_TOKEN": "s3cr3t"}, "AIRFLOW_URL"),
        ({"AIRFLOW_URL": "http://a", "AIRFLOW_USERNAME": "u"}, "AIRFLOW_PASSWORD (or AIRFLOW_TOKEN)"),
        (
            {"AIRFLOW_URL": "http://a", "AIRFLOW_TOKEN": "  "},
            "AIRFLOW_USERNAME and AIRFLOW_PASSWORD (or AIRFLOW_TOKEN)",
        ),
    ],
)
def test_what_is_missing_is_named(given: dict[str, str], missing: str) -> None:
    """All of it at once, and never what is there."""
    with pytest.raises(SettingsError) as caught:
        read_settings(given)
    assert str(caught.value) == f"Airflow is half configured: {missing} is missing."


def test_blanks_are_no_settings() -> None:
    """An empty line in an .env file."""
    assert read_settings({"AIRFLOW_URL": " ", "AIRFLOW_TOKEN": ""}) is None


def test_people_see_neither_login_nor_path() -> None:
    """Host and port, as in every other message about Airflow."""
    assert Settings("https://airflow.example.com/team", "u", "s3cr3t").address == "airflow.example.com:443"


@pytest.mark.parametrize(
    ("given", "can"), [(LOGIN, True), ({"AIRFLOW_TOKEN": "t"}, False), ({**LOGIN, "AIRFLOW_TOKEN": "t"}, True)]
)
def test_another_token_can_be_got_only_with_a_login(given: dict[str, str], can: bool) -> None:
    """A token alone ends when it ends."""
    settings = read_settings({"AIRFLOW_URL": "http://a", **given})
    assert settings is not None
    assert settings.can_log_in is can
