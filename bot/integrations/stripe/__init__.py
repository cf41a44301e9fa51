"""Stripe, whose payments the platform reads: does it answer, in which mode, and does it limit us now? It only reads."""

from bot.flow.integration import Environment, Integration
from bot.integrations.stripe.client import StripeReader
from bot.integrations.stripe.probes import PROBES
from bot.integrations.stripe.settings import read_settings


def connect_read(environment: Environment) -> StripeReader | None:
    """A client that only reads."""
    settings = read_settings(environment)
    return None if settings is None else StripeReader(settings)


def connect_change(_environment: Environment) -> StripeReader | None:
    """None: there is nothing that the bot would change at Stripe."""
    return None


INTEGRATION: Integration[StripeReader] = Integration(
    name="stripe",
    title="Stripe",
    connect_read=connect_read,
    connect_change=connect_change,
    probes=PROBES,
    check="stripe.status",
    threads=2,
)
