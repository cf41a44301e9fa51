"""The environment's STRIPE_* settings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.errors import SettingsError

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
        parts = urlsplit(self.base)
        return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


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
    if not _is_address(base):
        raise SettingsError("STRIPE_API_BASE should look like https://api.stripe.com, without /v1.")
    return Settings(key, _KINDS[found["kind"]], found["mode"], base)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, half an IPv6 address
        return False
