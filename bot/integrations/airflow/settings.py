"""The environment's AIRFLOW_* settings."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import SettingsError
from bot.integrations.addresses import host_and_port, is_http_address


@dataclass(frozen=True, slots=True)
class Settings:
    """Where Airflow is and as whom to call it: a `token`, or a login that yields one."""

    url: str
    username: str = ""
    password: str = ""
    token: str = ""

    @property
    def can_log_in(self) -> bool:
        """True when a token can be got (again)."""
        return bool(self.username and self.password)

    @property
    def address(self) -> str:
        """`host:port`, for people."""
        return host_and_port(self.url)


def read_settings(environment: Mapping[str, str]) -> Settings | None:
    """The settings; None when there are none, SettingsError when they are half there."""
    names = ("AIRFLOW_URL", "AIRFLOW_USERNAME", "AIRFLOW_PASSWORD", "AIRFLOW_TOKEN")
    url, username, password, token = (environment.get(name, "").strip() for name in names)
    if not any((url, username, password, token)):
        return None
    missing = [] if url else ["AIRFLOW_URL"]
    if not token:
        missing += [name for name, value in zip(names[1:3], (username, password), strict=True) if not value]
    if missing:
        hint = " (or AIRFLOW_TOKEN)" if "AIRFLOW_USERNAME" in missing or "AIRFLOW_PASSWORD" in missing else ""
        raise SettingsError(f"Airflow is half configured: {' and '.join(missing)}{hint} is missing.")
    if not is_http_address(url):
        raise SettingsError("AIRFLOW_URL should look like https://airflow.example.com, without /api/v2.")
    return Settings(url.rstrip("/").removesuffix("/api/v2"), username, password, token)
