"""The terminal's view of #data-alerts while the sandbox runs."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import httpx
from rich.console import Console
from rich.text import Text

from bot.sandbox.block_text import Line
from bot.sandbox.feed import Feed
from bot.sandbox.person import find_channel
from bot.sandbox.slack.control import Workspace


def follow_channel(console: Console, url: str, channel: str) -> None:
    """Print the channel's messages, then every change, in a thread that ends with the stand-in."""
    threading.Thread(target=print_changes, args=(console, url, channel), daemon=True).start()


def print_changes(console: Console, url: str, channel: str) -> None:
    """Print until the stand-in stops."""
    with Workspace(url) as slack:
        try:
            state = slack.state()
            feed = Feed(state, find_channel(state, channel)["id"])
            print_lines(console, feed.backlog())
            for kind, data in slack.stream(since=state["number"]):
                print_lines(console, feed.lines(kind, data))
        except httpx.HTTPError:
            return  # the stand-in is gone: the supervisor says why


def print_lines(console: Console, lines: Iterable[Line]) -> None:
    """Print lines as they are: nothing in them is markup, a highlight, an emoji code or a link."""
    for line in lines:
        indent = line.text[: len(line.text) - len(line.text.lstrip())]
        text = line.text.replace("\n", f"\n{indent}")
        console.print(Text(text, line.style), emoji=False, highlight=False, soft_wrap=True)
