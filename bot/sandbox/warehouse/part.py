"""How the supervisor starts the warehouse (standard library only)."""

from __future__ import annotations

from bot.sandbox.part import Context, HttpHealth, Part


def describe(context: Context) -> Part:
    """The warehouse on the port `warehouse`; it knows its users by the public keys in `context.keys()`."""
    python, state = str(context.python("warehouse")), str(context.folder("warehouse"))
    options = ("--port", str(context.port("warehouse")), "--state", state, "--keys", str(context.keys()))
    return Part(
        name="warehouse",
        environment="warehouse",
        command=(python, "-m", "bot.sandbox.warehouse", *options),
        health=HttpHealth(f"{context.url('warehouse')}/healthz"),
        prepare=write_keys,
    )


def write_keys(context: Context) -> None:
    """Key pairs of the users that have none yet; runs in the supervisor, where `cryptography` is."""
    from bot.sandbox.keys import make_keys

    make_keys(context.keys())
