"""A reply in the terminal."""

from io import StringIO

from rich.console import Console

from bot.cli.terminal import plain, show_reply
from bot.playbooks.reply import Chart, ChartKind, Point, Reply, Step, StepState, Table

STEP = Step(
    1,
    "How old is it?",
    StepState.READ,
    text="*2* of 3 are stale since <!date^1^{time}|06:00>: `A&amp;B`",
    tables=(Table(("Table", "Age"), (("ORDERS\x1b[31m", "7 h"),), more=12),),
    charts=(Chart(ChartKind.BAR, "Hours", (Point("ORDERS", 7.0, 4.0), Point("ITEMS", 2.0, 4.0)), "h"),),
)


def shown(reply: Reply) -> str:
    """What a terminal of 80 columns without colours gets."""
    out = StringIO()
    show_reply(reply, Console(file=out, width=80, color_system=None))
    return out.getvalue()


def test_a_step_with_everything() -> None:
    """Marks are gone, dates are words, tables say what they leave out, a chart has a bar a point."""
    said = shown(Reply("stale_data", "It is stale", "P2", "Old numbers.", {"table": "ORDERS"}, steps=(STEP,)))
    assert "✓ 1. How old is it?" in said
    assert "2 of 3 are stale since 06:00: A&B" in said
    assert "… and 12 more" in said
    assert "table=ORDERS" in said
    bars = [line for line in said.splitlines() if "█" in line]
    assert len(bars) == 2
    assert bars[0].count("█") > bars[1].count("█")


def test_a_system_steers_no_terminal() -> None:
    """Escape sequences in names and texts are taken out."""
    assert "\x1b" not in shown(Reply("a", "b\x1b]0;owned\x07", "P1", "c\x1b[2J", steps=(STEP,)))


def test_slacks_marks_become_words() -> None:
    """Links keep their address."""
    assert plain("see <https://a.example/x|the log> at *once*") == "see the log (https://a.example/x) at once"
