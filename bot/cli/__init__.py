"""The command line: `runbook --help` is the reference. Results first; exit 0 fine, 1 problems found, 2 a wrong call."""

import typer

from bot.cli import runbooks
from bot.cli.backtest import backtest
from bot.sandbox.commands import app as sandbox

app = typer.Typer(
    name="runbook",
    help="Chatops for data platforms: the runbook, with live findings, in the alert's Slack thread.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)
app.add_typer(sandbox, name="sandbox")
runbooks.register(app)
app.command()(backtest)


@app.command()
def serve(
    socket: bool = typer.Option(False, "--socket", help="Socket Mode, whatever the environment holds."),
    http: bool = typer.Option(False, "--http", help="Signed HTTP on $PORT, whatever the environment holds."),
) -> None:
    """Run the bot: Socket Mode when SLACK_APP_TOKEN is set, else signed HTTP on $PORT.

    Either way $PORT serves /healthz, /readyz and /metrics. SIGTERM drains: what is in hand is finished first.
    """
    if socket and http:
        raise typer.BadParameter("give --socket or --http, not both")
    import os

    from bot.app.serving import run_bot

    run_bot(os.environ, mode="socket" if socket else "http" if http else "")
