"""The environment's SNOWFLAKE_* settings, named as the connector names them, made into what it connects with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import SettingsError

_PREFIX = "SNOWFLAKE_"
_NAMES = (
    "ACCOUNT",
    "USER",
    "PASSWORD",
    "PRIVATE_KEY_FILE",
    "PRIVATE_KEY_FILE_PWD",
    "TOKEN",
    "AUTHENTICATOR",
    "HOST",
    "PORT",
    "PROTOCOL",
    "ROLE",
    "WAREHOUSE",
    "DATABASE",
    "SCHEMA",
)
_SECRETS = ("PRIVATE_KEY_FILE", "TOKEN", "PASSWORD")


@dataclass(frozen=True, slots=True)
class Settings:
    """How to log in. `options` are the connector's arguments; `address` is what people see of them."""

    options: Mapping[str, Any]
    address: str
    host: str = ""
    port: int = 443


def read_settings(environment: Mapping[str, str], role_setting: str) -> Settings | None:
    """The settings, with the role of `role_setting`; None when there are none, SettingsError when half are there."""
    given = {name: environment.get(_PREFIX + name, "").strip() for name in _NAMES}
    if not any(given[name] for name in ("ACCOUNT", "USER", *_SECRETS)):
        return None
    missing = [_PREFIX + name for name in ("ACCOUNT", "USER") if not given[name]]
    if not any(given[name] for name in _SECRETS):
        missing.append("SNOWFLAKE_PRIVATE_KEY_FILE (or SNOWFLAKE_TOKEN, SNOWFLAKE_PASSWORD)")
    if missing:
        raise SettingsError(f"Snowflake is half configured: {' and '.join(missing)} is missing.")
    given["ROLE"] = environment.get(role_setting, "").strip()
    if not given["AUTHENTICATOR"]:
        given["AUTHENTICATOR"] = _authenticator(given)
    _check(given)
    options: dict[str, Any] = {name.lower(): value for name, value in given.items() if value}
    if "port" in options:
        options["port"] = int(options["port"])
    host = given["HOST"]
    port = int(given["PORT"] or 443)
    return Settings(options, f"{host}:{port}" if host else f"account {given['ACCOUNT']}", host, port)


def _authenticator(given: Mapping[str, str]) -> str:
    if given["PRIVATE_KEY_FILE"]:
        return "SNOWFLAKE_JWT"
    return "PROGRAMMATIC_ACCESS_TOKEN" if given["TOKEN"] else ""


def _check(given: Mapping[str, str]) -> None:
    if given["PORT"] and not given["PORT"].isdigit():
        raise SettingsError(f"SNOWFLAKE_PORT should be a number, not {given['PORT'][:20]!r}.")
    if given["PRIVATE_KEY_FILE"] and not Path(given["PRIVATE_KEY_FILE"]).is_file():
        raise SettingsError(f"SNOWFLAKE_PRIVATE_KEY_FILE names no file: {given['PRIVATE_KEY_FILE']}")
