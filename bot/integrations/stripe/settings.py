"""The environment's STRIPE_* settings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import SettingsError
from bot.integrations.addresses import host_and_port, is_http_address

API_BASE = "https://api.stripe.com"
_KEY = re.compile(r"(?P<kind>rk|sk)_(?P<mode>test|live)_\w+")
_KINDS = {"rk": "restricted", "sk": "secret"}


@dataclass(frozen=True, slots=True)
class Settings:
    """A key and where to use it. `kind` is "restricted" or "secret", `mode` "test" or "live": both from the prefix."""

    key: str
    kind: str
    mode: str
    base: str = API_BASE

    @property
    def address(self) -> str:
        """`host:port`, for people."""
        return host_and_port(self.base)


def read_settings(environment: Mapping[str, str]) -> Settings | None:
    """The settings; None when there are none, SettingsError (which never holds the key) when they cannot be used."""
    key, base = (environment.get(name, "").strip() for name in ("STRIPE_API_KEY", "STRIPE_API_BASE"))
    if not key and not base:
        return None
    if not key:
        raise SettingsError("Stripe is half configured: STRIPE_API_KEY is missing.")
    found = _KEY.fullmatch(key)
    if found is None:
        raise SettingsError("STRIPE_API_KEY should begin with rk_live_, rk_test_, sk_live_ or sk_test_.")
    base = (base or API_BASE).rstrip("/").removesuffix("/v1")
    if not is_http_address(base):
        raise SettingsError("STRIPE_API_BASE should look like https://api.stripe.com, without /v1.")
    return Settings(key, _KINDS[found["kind"]], found["mode"], base)
