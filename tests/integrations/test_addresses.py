"""Addresses of HTTP systems: what a setting may hold, and what people see of it."""

import pytest

from bot.integrations.addresses import host_and_port, is_http_address


@pytest.mark.parametrize(
    "url",
    ["", "host:8080", "ftp://a", "http://", "/path", "http://a:80x", "http://a:99999", "http://a:0", "http://[::1"],
)
def test_what_cannot_be_called_is_no_address(url: str) -> None:
    """Said of the setting at the start, and no ValueError of the first call."""
    assert not is_http_address(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example.com", "a.example.com:443"),
        ("http://a.example.com/team", "a.example.com:80"),
        ("http://u:s3cr3t@10.0.0.1:8080", "10.0.0.1:8080"),
    ],
)
def test_people_see_host_and_port(url: str, shown: str) -> None:
    """With the scheme's own port where none is given, and no login."""
    assert is_http_address(url)
    assert host_and_port(url) == shown
