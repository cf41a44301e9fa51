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
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError("STREAMLIT_URL should look like https://dashboard.example.com.")
    if parts.username or parts.password:
        raise SettingsError("STREAMLIT_URL should hold no password: it is shown to people.")
    return Settings(url.rstrip("/"))
