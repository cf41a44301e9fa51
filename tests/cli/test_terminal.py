"""A reply in the terminal."""

from io import StringIO

import pytest
from rich.console import Console

from bot.cli.terminal import plain, show_reply
from bot.playbooks.reply import Approvers, Chart, ChartKind, Offer, Point, Reply, Step, StepState, Table

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


HOSTILE = "[/bold] [red]x[/red] \x1b]0;owned\x07"


def test_columns_and_entities_are_words_too() -> None:
    """Column heads and values come from systems and alerts: neither marks nor escape sequences of theirs are obeyed."""
    step = Step(1, HOSTILE, StepState.READ, tables=(Table((HOSTILE, "b"), ((HOSTILE, HOSTILE),)),), unread=(HOSTILE,))
    said = shown(Reply("a", HOSTILE, "P1", HOSTILE, {"table": HOSTILE}, steps=(step,)))
    assert "\x1b" not in said
    assert "\x07" not in said
    assert said.count("[/bold] [red]x[/red]") == 8


@pytest.mark.parametrize(
    ("state", "mark"),
    [(StepState.READ, "✓"), (StepState.UNREAD, "!"), (StepState.LOOKING, "…"), (StepState.PLAIN, "·")],
)
def test_a_mark_says_what_became_of_a_step(state: StepState, mark: str) -> None:
    """Also without colours; what could not be read stands below it, nothing stands for nothing."""
    step = Step(3, "Who?", state, unread=("could not read locks because it is down",))
    lines = shown(Reply("a", "b", "P1", "c", steps=(step,))).splitlines()
    assert lines[2:] == [f"{mark} 3. Who?", "     could not read locks because it is down" + " " * 36]


def test_an_offer_names_what_it_would_run() -> None:
    """Label, remedy and arguments: whoever reads it can run it by hand."""
    offer = Offer("quota", "Raise *it*", "snowflake.set_credit_quota", {"monitor": "M", "quota": 75}, Approvers.ONCALL)
    said = shown(Reply("a", "b", "P1", "c", steps=(Step(1, "Do", StepState.PLAIN, offers=(offer,)),)))
    assert "[Raise it]  snowflake.set_credit_quota(monitor=M, quota=75)" in said


@pytest.mark.parametrize(
    ("mrkdwn", "text"),
    [
        ("&amp;lt; &lt;b&gt;", "&lt; <b>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("*a* and *b*", "a and b"),
        ("SELECT count(*) FROM a*b", "SELECT count(*) FROM a*b"),
        ("```\nx\n```", "\nx\n"),
        ("<!date^1795141680^{date}|2026-11-20 02:28 UTC>", "2026-11-20 02:28 UTC"),
        ("", ""),
    ],
)
def test_text_is_undone_once(mrkdwn: str, text: str) -> None:
    """What was escaped twice stays escaped once; stars that mark nothing stay."""
    assert plain(mrkdwn) == text
