"""A reply in the terminal: the same words as in Slack, without Slack's marks."""

import re

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from bot.playbooks.chart_text import draw_chart
from bot.playbooks.reply import Chart, Offer, Reply, Step, StepState, Table

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LINK = re.compile(r"<(https?://[^|>]+)\|([^>]+)>")
_DATE = re.compile(r"<!date\^\d+\^[^|>]*\|([^>]+)>")
_MARK = re.compile(r"(?<![\w*])\*(?!\s)([^*\n]+)(?<!\s)\*(?![\w*])")
_MARKS = {StepState.LOOKING: ("…", "yellow"), StepState.UNREAD: ("!", "red"), StepState.READ: ("✓", "green")}


def plain(mrkdwn: str) -> str:
    """Slack's mrkdwn as plain text: links as `label (url)`, dates by their fallback, escapes undone."""
    text = _DATE.sub(r"\1", _LINK.sub(r"\2 (\1)", mrkdwn))
    text = _MARK.sub(r"\1", text).replace("```", "").replace("`", "")
    for escaped, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(escaped, character)
    return printable(text)


def printable(text: str) -> str:
    """The text without control characters: what a system wrote must not steer the terminal."""
    return _CONTROL.sub("", text)


def show_reply(reply: Reply, console: Console) -> None:
    """Print the whole reply."""
    entities = "  ".join(f"{name}={value}" for name, value in reply.entities.items())
    console.print(Text(f"{reply.playbook}  {reply.severity}  {plain(reply.title)}", style="bold"))
    if entities:
        console.print(Text(printable(entities), style="dim"))
    console.print(Text(plain(reply.summary)))
    for step in reply.steps:
        console.print(_step(step))


def _step(step: Step) -> RenderableType:
    mark, style = _MARKS.get(step.state, ("·", "dim"))
    lines: list[RenderableType] = [Text(f"{mark} {step.number}. {plain(step.title)}", style=style)]
    lines += [Padding(Text(text), (0, 0, 0, 5)) for text in (plain(step.text), *map(plain, step.unread)) if text]
    lines += [Padding(_table(table), (0, 0, 0, 5)) for table in step.tables]
    lines += [Padding(_chart(chart), (0, 0, 0, 5)) for chart in step.charts]
    lines += [Padding(_offer(offer), (0, 0, 0, 5)) for offer in step.offers]
    return Group(*lines)


def _table(table: Table) -> RichTable:
    shown = RichTable(box=None, header_style="dim", pad_edge=False)
    for column in table.columns:
        shown.add_column(Text(printable(column)))
    for row in table.rows:
        shown.add_row(*(Text(printable(cell)) for cell in row))
    if table.more:
        shown.add_row(Text(f"… and {table.more} more", style="dim"))
    return shown


def _chart(chart: Chart) -> Text:
    lines = (printable(line) for line in (chart.title, *draw_chart(chart)))
    return Text("\n".join(lines), no_wrap=True, overflow="crop")


def _offer(offer: Offer) -> Text:
    arguments = ", ".join(f"{name}={value}" for name, value in offer.arguments.items())
    return Text(printable(f"[{plain(offer.label)}]  {offer.remedy}({arguments})"), style="cyan")
