"""`runbook backtest`: what the playbooks would have answered, as tables, and as a page of its own."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from bot.alerts.likeness import Alike
from bot.cli.terminal import printable
from bot.flow.backtest import Answered, Backtest

MOST_GROUPS = 15
LONGEST = 100


def backtest(
    export: Annotated[
        Path | None,
        typer.Argument(help="A Slack export, folder or zip. Without it: the channels' history, by SLACK_BOT_TOKEN."),
    ] = None,
    channel: Annotated[
        list[str] | None, typer.Option("--channel", help="A channel by name; again for more. Default: platform.yml's.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How far back the history is read.")] = 30,
    html: Annotated[Path | None, typer.Option(help="Write the report as one HTML file.")] = None,
    playbooks: Annotated[
        Path | None, typer.Option("--playbooks", envvar="RUNBOOK_PLAYBOOKS", help="The folder of playbooks.")
    ] = None,
) -> None:
    """Which alerts of the past would have been answered, by which playbook, and which never: the next to write.

    Nothing is posted, and nothing but Slack's history is read. Exit 1 when there was no message at all.
    """
    from bot.app.backtesting import read_export, read_workspace
    from bot.app.books import load_library
    from bot.flow.backtest import backtest as run

    library = load_library(playbooks)
    channels = channel or list(library.platform.channels)
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        reading = progress.add_task("reading", total=None)

        def tell(count: int, total: int) -> None:
            progress.update(reading, completed=count, total=total or None)

        alerts = read_export(export, channels, tell) if export else read_workspace(os.environ, channels, days, tell)
        result = run(alerts, library)
    show(result, Console())
    if html is not None:
        from bot.cli.report import write_report

        write_report(result, html, source=str(export or f"the last {days} days of {', '.join(channels)}"))
        console.print(Text(f"report: {html}"))
    if not result.total:
        raise typer.Exit(1)


def show(result: Backtest, console: Console) -> None:
    """The figures, what was answered by what, and the groups that nobody answers."""
    alerts = result.answered_count + result.silent_count
    share = "none" if result.answered_percent is None else f"{result.answered_percent}%"
    people = f"; {result.from_people} messages of people without an answer" if result.from_people else ""
    console.print(Text(f"{result.total} messages, {share} of {alerts} alerts answered{people}", style="bold"))
    if result.answered:
        console.print(_answered(result))
    if result.unused:
        console.print(Text(f"answered nothing: {', '.join(result.unused)}", style="dim"))
    if result.silent:
        console.print(Text("\nnobody answers these, alike ones together: the next playbooks", style="bold"))
        console.print(_silent(result))


def _answered(result: Backtest) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, expand=True)
    for name in ("Playbook", "Severity", "Alerts", "Incidents", "Last"):
        table.add_column(name, no_wrap=True, justify="right" if name in {"Alerts", "Incidents"} else "left")
    table.add_column("Mostly", no_wrap=True, overflow="ellipsis", ratio=1)
    for each in result.answered:
        numbers = (str(len(each.alerts)), str(each.incidents), said_day(each.alerts[-1].ts))
        table.add_row(each.playbook, each.severity, *numbers, Text(printable(most_common(each))))
    return table


def _silent(result: Backtest) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, expand=True)
    for name in ("Alerts", "First", "Last"):
        table.add_column(name, no_wrap=True, justify="right" if name == "Alerts" else "left")
    table.add_column("For example", ratio=1)
    for group in result.silent[:MOST_GROUPS]:
        first, last = said_day(group.alerts[0].ts), said_day(group.alerts[-1].ts)
        table.add_row(str(len(group.alerts)), first, last, Text(printable(example_of(group))))
    left = result.silent[MOST_GROUPS:]
    if left:
        table.add_row(str(sum(len(group.alerts) for group in left)), "", "", Text(f"… in {len(left)} further groups"))
    return table


def most_common(answered: Answered) -> str:
    """What these alerts were mostly about: the values they are grouped by."""
    return "; ".join(
        f"{values} ({count})" if count > 1 else values for values, count in answered.entities.most_common(2)
    )


def example_of(group: Alike, longest: int = LONGEST) -> str:
    """The newest alert of the group on one line."""
    words = " ".join(group.alerts[-1].text.split())
    return words if len(words) <= longest else words[: longest - 1] + "…"


def said_day(ts: str) -> str:
    """The day (UTC) of a Slack ts; "" where that is no time."""
    try:
        return f"{datetime.fromtimestamp(float(ts), UTC):%Y-%m-%d}"
    except (ValueError, OverflowError, OSError):
        return ""
