"""How the supervisor starts the Stripe stand-in (standard library only)."""

from __future__ import annotations

from bot.sandbox.part import Context, HttpHealth, Part

EXTRACT_KEY = "rk_test_sandboxextract"
RUNBOOK_KEY = "rk_test_sandboxrunbook"
"""The stand-in's well-known keys: the extraction may read payments, the bot the balance only."""


def describe(context: Context) -> Part:
    """The stand-in on the port `stripe`; it reads the shop's payments when they are first asked for."""
    return Part(
        name="stripe",
        environment="stripe",
        command=(
            str(context.python("stripe")),
            *("-m", "bot.sandbox.stripe"),
            *("--port", str(context.port("stripe"))),
            *("--source-port", str(context.port("source"))),
            *("--source-state", str(context.folder("source"))),
        ),
        health=HttpHealth(f"{context.url('stripe')}/healthz"),
    )
