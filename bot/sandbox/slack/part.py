"""How the supervisor starts the Slack stand-in (standard library only)."""

from __future__ import annotations

from bot.sandbox.part import Context, HttpHealth, Part


def describe(context: Context) -> Part:
    """The stand-in on the port `slack`, with scopes, commands and shortcuts from the app's manifest."""
    python, manifest = str(context.python("slack")), str(context.repository / "manifest.yml")
    options = ("--port", str(context.port("slack")), "--state", str(context.folder("slack")), "--manifest", manifest)
    return Part(
        name="slack",
        environment="slack",
        command=(python, "-m", "bot.sandbox.slack", *options),
        health=HttpHealth(f"{context.url('slack')}/healthz"),
    )
