"""Slack's wire text in a terminal: readable, and unable to do anything to the terminal."""

from __future__ import annotations

import pytest

from bot.sandbox.mrkdwn import clean, plain_text

NAMES = {"U0ONCALL": "nadia", "C0ALERTS": "data-alerts", "S0ONCALL": "data-oncall"}


@pytest.mark.parametrize(
    ("wire", "shown"),
    [
        ("<@U0ONCALL> look", "@nadia look"),
        ("<#C0ALERTS|>", "#data-alerts"),
        ("<#C0NEW|new-one>", "#new-one"),
        ("<!subteam^S0ONCALL>", "@data-oncall"),
        ("<!here> hello", "@here hello"),
        ("<https://x.test/a|View log>", "View log (https://x.test/a)"),
        ("<https://x.test/a>", "https://x.test/a"),
        ("<!date^1700000000^{time}|12:00>", "12:00"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("no <tag", "no <tag"),
        ("*bold* `code`", "*bold* `code`"),
    ],
)
def test_ids_become_names_and_links_become_readable(wire, shown):
    """What a person reads in Slack is what the terminal shows."""
    assert plain_text(wire, NAMES) == shown


@pytest.mark.parametrize("evil", ["\x1b[2J", "\x07", "\x9b31m", "\x08", "\r", "\u202e", "\x00", "\x7f"])
def test_control_characters_are_stripped(evil):
    """An alert cannot clear the screen, ring, move the cursor or turn the text around."""
    assert clean(f"a{evil}b") == f"a{evil[1:]}b"


def test_lines_and_letters_of_all_languages_stay():
    """Line breaks, emoji with joiners and other scripts are content."""
    assert clean("größe\nналог 👩‍🚒\tx\r\ny") == "größe\nналог 👩‍🚒    x\ny"


def test_a_label_cannot_smuggle_control_characters():
    """Entities and labels are cleaned after they are unescaped."""
    assert "\x1b" not in plain_text("<https://x.test|\x1b[31mred>", {})
