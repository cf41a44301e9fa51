"""The environment's STREAMLIT_URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the dashboard is, as a browser has it: with `server.baseUrlPath`, without a slash at the end."""

    url: str

    @property
    def address(self) -> str:
        """`host:port`, for people."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def read_settings(environment: Mapping[str, str]) -> Settings | None:
    """The settings; None when there are none, SettingsError for what is no address."""
    url = environment.get("STREAMLIT_URL", "").strip()
    if not url:
        return None
    if not _is_address(url):
        raise SettingsError("STREAMLIT_URL should look like https://dashboard.example.com.")
    if urlsplit(url).username or urlsplit(url).password:
        raise SettingsError("STREAMLIT_URL should hold no password: it is shown to people.")
    return Settings(url.rstrip("/"))


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, half an IPv6 address
        return False
