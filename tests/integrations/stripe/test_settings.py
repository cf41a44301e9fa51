"""STRIPE_* settings: kind and mode come from the key's prefix, and the key is never repeated."""

import pytest

from bot.errors import SettingsError
from bot.integrations.stripe.settings import API_BASE, Settings, read_settings

KEY = "rk_test_s3cr3t"


@pytest.mark.parametrize(
    ("key", "kind", "mode"),
    [
        ("rk_live_x", "restricted", "live"),
        ("rk_test_x", "restricted", "test"),
        ("sk_live_x", "secret", "live"),
        (" sk_test_x\n", "secret", "test"),
    ],
)
def test_the_prefix_tells_kind_and_mode(key: str, kind: str, mode: str) -> None:
    """And Stripe's own address is the one to call."""
    assert read_settings({"STRIPE_API_KEY": key}) == Settings(key.strip(), kind, mode, API_BASE)


@pytest.mark.parametrize(
    "key", ["pk_live_s3cr3t", "rk_s3cr3t", "whsec_s3cr3t", "rk_live_", "xrk_live_s3cr3t", "rk_live_s3 cr3t"]
)
def test_another_kind_of_key_is_refused_without_repeating_it(key: str) -> None:
    """A publishable key, a webhook's secret, half a key."""
    with pytest.raises(SettingsError) as caught:
        read_settings({"STRIPE_API_KEY": key})
    assert str(caught.value) == "STRIPE_API_KEY should begin with rk_live_, rk_test_, sk_live_ or sk_test_."


@pytest.mark.parametrize(
    "base", ["api.stripe.com", "ftp://x", "https://", "http://a:80x", "http://a:99999", "http://[::1"]
)
def test_what_is_no_base_is_refused(base: str) -> None:
    """Without the key, which stands beside it."""
    with pytest.raises(
        SettingsError, match=r"^STRIPE_API_BASE should look like https://api\.stripe\.com, without /v1\.$"
    ):
        read_settings({"STRIPE_API_KEY": KEY, "STRIPE_API_BASE": base})


@pytest.mark.parametrize(
    ("base", "kept", "address"),
    [
        ("", API_BASE, "api.stripe.com:443"),
        ("http://127.0.0.1:12111/v1/", "http://127.0.0.1:12111", "127.0.0.1:12111"),
        ("http://stripe-mock", "http://stripe-mock", "stripe-mock:80"),
    ],
)
def test_a_base_may_name_the_version(base: str, kept: str, address: str) -> None:
    """People copy it from the documentation; people see host and port of it."""
    settings = read_settings({"STRIPE_API_KEY": KEY, "STRIPE_API_BASE": base})
    assert settings is not None
    assert (settings.base, settings.address) == (kept, address)
