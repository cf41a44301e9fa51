"""`runbook sandbox`: the whole platform on this machine, and a person's hands in it from a second terminal."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from bot.sandbox import person
from bot.sandbox.breaks import BREAKS, cause_break, mend_break
from bot.sandbox.breaks.running import open_running
from bot.sandbox.catalog import PARTS
from bot.sandbox.errors import PartError, SandboxError
from bot.sandbox.follow import follow_channel
from bot.sandbox.platform import BotMode, Platform, start_platform
from bot.sandbox.progress import show_board
from bot.sandbox.slack.control import Acked, ControlRefused, Workspace

app = typer.Typer(help="A data platform on this machine: Slack, source database, warehouse, Airflow and the bot.")
console = Console()
errors = Console(stderr=True)

State = Annotated[Path, typer.Option("--state", help="The sandbox's folder.", envvar="RUNBOOK_SANDBOX")]
User = Annotated[str, typer.Option("--user", help="Who does it: nadia (on call), lee (lead) or sam.")]
Channel = Annotated[str, typer.Option("--channel", help="Where.")]
Port = Annotated[int | None, typer.Option(min=1, max=65535, show_default="a free one")]
HERE = Path(".sandbox")

GREETING = """
The sandbox is ready. #data-alerts follows below; type in a second terminal:

  {runbook} sandbox break postgres-lock     cause an incident (also: {others})
  {runbook} sandbox click 1                 use button [1] of the newest message that has one (--user lee: as another)
  {runbook} sandbox command "/runbook help" type a slash command
  {runbook} sandbox mend postgres-lock      undo the cause

Airflow {airflow}
Ctrl-C here ends everything.
"""


@app.callback(invoke_without_command=True)
def run(
    context: typer.Context,
    state: State = HERE,
    parts: Annotated[str, typer.Option(help="Only these parts and what they need, comma-separated.")] = ",".join(PARTS),
    serve: Annotated[bool, typer.Option(help="Run the bot too.")] = True,
    bot_mode: Annotated[BotMode, typer.Option(help="How Slack reaches the bot: socket or http.")] = "socket",
    slack_port: Port = None,
    source_port: Port = None,
    warehouse_port: Port = None,
    airflow_port: Port = None,
    bot_port: Port = None,
    until_ready_json: Annotated[
        bool, typer.Option(help="Print sandbox.json on one line when ready, and no channel.")
    ] = False,
) -> None:
    """Start the platform and the bot; Ctrl-C ends everything it started."""
    if context.invoked_subcommand:
        return
    ports = {
        "slack": slack_port,
        "source": source_port,
        "warehouse": warehouse_port,
        "airflow": airflow_port,
        "bot": bot_port,
    }
    shown = errors if until_ready_json else console
    wanted = [name for name in parts.split(",") if name]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    failure = None
    try:
        with ExitStack() as running:
            with show_board(shown, [*wanted, *(["bot"] if serve else [])]) as board:
                platform = running.enter_context(
                    start_platform(state, parts=wanted, serve=serve, bot_mode=bot_mode, ports=ports, board=board)
                )
            announce(platform, until_ready_json)
            failure = platform.wait()
    except KeyboardInterrupt:
        shown.print("stopped")
    except SandboxError as error:
        fail(error)
    if failure:
        fail(failure)


def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    """SIGTERM and a closed terminal end the sandbox as Ctrl-C does."""
    raise KeyboardInterrupt


def announce(platform: Platform, as_json: bool) -> None:
    """Say that all is ready: one line of JSON, or a greeting and then the channel."""
    if as_json:
        print(json.dumps(platform.record), flush=True)
        return
    airflow = platform.record.get("airflow", {}).get("url", "is not running")
    _, *others = BREAKS  # the first one is the example
    tell(GREETING.format(runbook=program(), others=", ".join(others), airflow=airflow))
    if slack := platform.record.get("slack"):
        follow_channel(console, slack["url"], "data-alerts")


def program() -> str:
    """How this program was called, so that what is shown can be typed as it stands."""
    path = Path(sys.argv[0]).absolute()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else path.name


def tell(text: str) -> None:
    """Print words as they are: no markup, no breaking of long lines."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def fail(error: SandboxError) -> NoReturn:
    """Say what went wrong, with the last lines of the part's log, and exit 1."""
    if isinstance(error, PartError) and error.log_tail:
        errors.print(error.log_tail, markup=False, highlight=False, style="dim")
    errors.print(f"runbook sandbox: {error}", markup=False, highlight=False, style="red")
    raise typer.Exit(1)


def running_workspace(state: Path) -> Workspace:
    """The Slack of the sandbox that runs on `state`."""
    return Workspace(open_running(state, tell).part("slack")["url"])


def report(acked: Acked) -> None:
    """Say how the bot took it; exit 1 when it did not."""
    tell(person.describe_ack(acked))
    if acked.errors or not (acked.acked and acked.sent):
        raise typer.Exit(1)


@app.command("break")
def break_(
    name: Annotated[str | None, typer.Argument(help="Which incident; see --list.")] = None,
    state: State = HERE,
    list_all: Annotated[bool, typer.Option("--list", help="Show the incidents there are.")] = False,
) -> None:
    """Cause an incident in the running sandbox."""
    if list_all or name is None:
        for one in BREAKS.values():
            tell(f"{one.name:<18}{one.title}")
        return
    with explained():
        cause_break(name, open_running(state, tell))


@app.command()
def mend(name: Annotated[str, typer.Argument(help="Which incident.")], state: State = HERE) -> None:
    """Undo what `break` caused, without the bot."""
    with explained():
        mend_break(name, open_running(state, tell))


@app.command()
def click(
    words: Annotated[list[str], typer.Argument(metavar="[MESSAGE] BUTTON", help="Numbers as shown, or an action id.")],
    user: User = "nadia",
    channel: Channel = "data-alerts",
    option: Annotated[str | None, typer.Option(help="What to choose in a select.")] = None,
    state: State = HERE,
) -> None:
    """Use a button of a message, as a person in the sandbox."""
    if len(words) > 2:
        raise typer.BadParameter("give a button, or a message and a button")
    with explained(), running_workspace(state) as slack:
        which = words[0] if len(words) == 2 else None
        report(person.click(slack, user, channel, which, words[-1], option))


@app.command()
def say(
    text: str,
    user: User = "nadia",
    channel: Channel = "data-alerts",
    thread: Annotated[str | None, typer.Option(help="Answer in the thread of this message (its number).")] = None,
    state: State = HERE,
) -> None:
    """Post a message, as a person in the sandbox."""
    with explained(), running_workspace(state) as slack:
        person.say(slack, user, channel, text, thread)


@app.command()
def command(
    line: Annotated[str, typer.Argument(help='As typed in Slack: "/runbook freshness".')],
    user: User = "nadia",
    channel: Channel = "data-alerts",
    state: State = HERE,
) -> None:
    """Type a slash command, as a person in the sandbox."""
    with explained(), running_workspace(state) as slack:
        report(person.command(slack, user, channel, line))


@app.command()
def submit(
    fields: Annotated[list[str] | None, typer.Argument(metavar="[FIELD=VALUE]…")] = None,
    user: User = "nadia",
    state: State = HERE,
) -> None:
    """Submit the form (modal) that the person has open."""
    with explained(), running_workspace(state) as slack:
        report(person.submit(slack, user, fields or []))


@contextmanager
def explained() -> Iterator[None]:
    """Errors of the sandbox and its Slack become one line and exit 1."""
    try:
        yield
    except (SandboxError, ControlRefused) as error:
        errors.print(f"runbook sandbox: {error}", markup=False, highlight=False, style="red")
        raise typer.Exit(1) from None
