"""STREAMLIT_URL: where the dashboard is, as a browser has it."""

import pytest

from bot.errors import SettingsError
from bot.integrations.streamlit.settings import Settings, read_settings


@pytest.mark.parametrize("url", ["", "  "])
def test_nothing_is_no_setting(url: str) -> None:
    """Absent is not broken."""
    assert read_settings({"STREAMLIT_URL": url}) is None


@pytest.mark.parametrize(
    "url", ["http://a:80x", "http://a:99999", "http://a:0", "http://[::1", "https:///x", "dash:8501"]
)
def test_what_is_no_address_is_a_wrong_setting(url: str) -> None:
    """Told at the start, not when the dashboard is asked."""
    with pytest.raises(SettingsError, match=r"^STREAMLIT_URL should look like https://dashboard\.example\.com\.$"):
        read_settings({"STREAMLIT_URL": url})


@pytest.mark.parametrize("url", ["https://kim@dash.example.com", "https://:s3cr3t@dash.example.com"])
def test_an_address_with_a_login_is_refused_without_repeating_it(url: str) -> None:
    """It is shown to people, in every finding."""
    with pytest.raises(SettingsError) as caught:
        read_settings({"STREAMLIT_URL": url})
    assert str(caught.value) == "STREAMLIT_URL should hold no password: it is shown to people."


@pytest.mark.parametrize(
    ("url", "kept", "address"),
    [
        ("https://dash.example.com//", "https://dash.example.com", "dash.example.com:443"),
        ("http://dash:8501/sales/", "http://dash:8501/sales", "dash:8501"),
        ("http://dash", "http://dash", "dash:80"),
    ],
)
def test_the_path_stays_and_the_last_slash_goes(url: str, kept: str, address: str) -> None:
    """A dashboard may lie below a base path."""
    assert read_settings({"STREAMLIT_URL": url}) == Settings(kept)
    assert Settings(kept).address == address
