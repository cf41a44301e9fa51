"""Lines in the terminal as they are: what a message holds is never markup, and keeps its indent."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from bot.sandbox.block_text import Line
from bot.sandbox.follow import print_changes, print_lines


def printed(*lines: Line, width: int = 40) -> str:
    """What a terminal of that width shows."""
    out = io.StringIO()
    print_lines(Console(file=out, width=width, force_terminal=False), lines)
    return out.getvalue()


TEXTS = [
    "[bold red]not markup[/]",
    "[link=https://e.com]x[/link]",
    ":fire: is a word",
    "'quoted' 12 https://e.com",
    "a very long line that is longer than the terminal is wide, by far",
]


@pytest.mark.parametrize("text", TEXTS)
def test_text_is_printed_as_it_is(text: str) -> None:
    """Nothing in an alert is a command to the terminal's library, and long lines are left to the terminal."""
    assert printed(Line(text)) == f"{text}\n"


def test_further_lines_keep_the_indent_of_the_first() -> None:
    """A message of several lines stays below its author."""
    assert printed(Line("    a\nb\n  c"), Line("d\ne")) == "    a\n    b\n      c\nd\ne\n"


def test_a_stand_in_that_is_gone_ends_quietly() -> None:
    """The supervisor says why; the follower's thread only ends."""
    out = io.StringIO()
    print_changes(Console(file=out), "http://127.0.0.1:1", "data-alerts")
    assert out.getvalue() == ""
