"""The environment's STREAMLIT_URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.errors import SettingsError
from bot.integrations.addresses import host_and_port, is_http_address


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the dashboard is, as a browser has it: with `server.baseUrlPath`, without a slash at the end."""

    url: str

    @property
    def address(self) -> str:
        """`host:port`, for people."""
        return host_and_port(self.url)


def read_settings(environment: Mapping[str, str]) -> Settings | None:
    """The settings; None when there are none, SettingsError for what is no address."""
    url = environment.get("STREAMLIT_URL", "").strip()
    if not url:
        return None
    if not is_http_address(url):
        raise SettingsError("STREAMLIT_URL should look like https://dashboard.example.com.")
    if urlsplit(url).username or urlsplit(url).password:
        raise SettingsError("STREAMLIT_URL should hold no password: it is shown to people.")
    return Settings(url.rstrip("/"))
