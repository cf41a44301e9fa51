"""How the supervisor starts the warehouse stand-in (standard library only)."""

from bot.sandbox.part import Context, HttpHealth, Part


def describe(context: Context) -> Part:
    """The stand-in on the port `warehouse`, with the public keys of its users."""
    python, port = str(context.python("warehouse")), context.port("warehouse")
    module = (python, "-m", "bot.sandbox.warehouse")
    arguments = ("--port", str(port), "--keys", str(context.keys()), "--state", str(context.folder("warehouse")))
    return Part(
        name="warehouse",
        environment="warehouse",
        command=(*module, *arguments),
        health=HttpHealth(f"{context.url('warehouse')}/healthz"),
    )
