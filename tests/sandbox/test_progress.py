"""The board: one line a part, with the seconds it took."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from bot.sandbox.progress import Board, Phase, show_board


@pytest.fixture
def clock():
    """A clock that stands still until it is moved."""

    class Clock:
        now = 100.0

        def __call__(self) -> float:
            return self.now

    return Clock()


def test_ready_tells_the_seconds_since_starting(clock):
    """Building an environment does not count as starting."""
    board = Board(["slack"], clock=clock)
    board.report("slack", Phase.BUILDING)
    clock.now += 30
    board.report("slack", Phase.STARTING)
    clock.now += 2.5
    board.report("slack", Phase.READY)
    clock.now += 60
    assert board.lines() == {"slack": "ready in 2.5 s"}


def test_a_phase_that_takes_time_counts_on(clock):
    """The person sees that something moves."""
    board = Board(["airflow"], clock=clock)
    board.report("airflow", Phase.BUILDING)
    clock.now += 12
    assert board.lines() == {"airflow": "building environment … 12 s"}


def test_a_failure_keeps_its_words(clock):
    """What failed is said on the part's own line."""
    board = Board(["source"], clock=clock)
    board.report("source", Phase.FAILED, "ended with code 1")
    assert board.lines() == {"source": "failed ended with code 1"}


def test_a_file_gets_a_plain_line_for_every_change():
    """Outside a terminal nothing is redrawn; markup in words is not obeyed."""
    out = io.StringIO()
    with show_board(Console(file=out, width=200), ["slack"]) as board:
        board.report("slack", Phase.FAILED, "[red]x[/red]")
    assert out.getvalue() == "slack: failed [red]x[/red]\n"


def test_a_terminal_gets_a_table_with_every_part():
    """On a terminal every part has its line from the beginning."""
    out = io.StringIO()
    with show_board(Console(file=out, force_terminal=True, width=80), ["slack", "source"]) as board:
        board.report("slack", Phase.READY)
    shown = out.getvalue()
    assert "slack" in shown
    assert "waiting" in shown
    assert "✓" in shown
