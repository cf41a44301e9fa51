"""The environment's DBT_* settings: where dbt's artifacts lie."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import SettingsError
from bot.integrations.addresses import is_http_address


@dataclass(frozen=True, slots=True)
class Settings:
    """One of `folder` and `url` (without a slash at the end); `token` goes with the URL."""

    folder: Path | None = None
    url: str = ""
    token: str = ""


def read_settings(environment: Mapping[str, str]) -> Settings | None:
    """The settings; None when there are none, SettingsError when they cannot be meant.

    A folder need not exist yet: dbt makes it with its first run.
    """
    place = environment.get("DBT_ARTIFACTS", "").strip()
    token = environment.get("DBT_ARTIFACTS_TOKEN", "").strip()
    if not place:
        if token:
            raise SettingsError("dbt is half configured: DBT_ARTIFACTS is missing.")
        return None
    if "://" not in place:
        return Settings(folder=Path(place))
    if not _is_base(place):
        raise SettingsError(
            "DBT_ARTIFACTS should be a folder, or a base such as https://artifacts.example.com/dbt/latest without "
            "a login or a query; a token goes into DBT_ARTIFACTS_TOKEN."
        )
    return Settings(url=place.rstrip("/"), token=token)


def _is_base(url: str) -> bool:
    """True for an address that may be shown in an error: without a login, and without a query that may be signed."""
    return is_http_address(url) and not any((urlsplit(url).query, urlsplit(url).username, urlsplit(url).password))
