"""The past as alerts: of an export or of the workspace itself, read as the bot reads new messages."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.alerts.alert import Alert
from bot.errors import SettingsError
from bot.settings import SLACK_API_URL
from bot.slack.events import Identity, Posted, understand
from bot.slack.exports import Export
from bot.slack.history import read_history

Tell = Callable[[int, int], None]
"""How much was read, of how much (0 where that is not known)."""


def read_export(path: Path, channels: Sequence[str], tell: Tell) -> Iterator[Alert]:
    """Alerts of these channels of an export, oldest first, a file at a time; RunbookError says what is wrong with it.

    Without channels: all that it holds.
    """
    with Export(path) as export:
        days = export.days_of(channels or export.channels)
        for number, day in enumerate(days, 1):
            yield from _alerts(export.messages(day))
            tell(number, len(days))


def read_workspace(environment: Mapping[str, str], channels: Sequence[str], days: int, tell: Tell) -> Iterator[Alert]:
    """Alerts of the last days in these channels, by Slack's API with SLACK_BOT_TOKEN, oldest first."""
    token = environment.get("SLACK_BOT_TOKEN", "")
    if not token:
        raise SettingsError("SLACK_BOT_TOKEN is not set: it is needed to read a channel's history; or give an export")
    oldest = time.time() - days * 86_400
    url = environment.get("SLACK_API_URL") or SLACK_API_URL
    return _alerts(asyncio.run(read_history(token, url, channels, oldest, lambda count: tell(count, 0))))


def _alerts(events: Iterable[Mapping[str, Any]]) -> Iterator[Alert]:
    for event in events:
        # The bot's own cards are replies in threads, and those are left out as they are when they come live.
        happening = understand(event, Identity("", ""), lambda _: True)
        if isinstance(happening, Posted) and happening.alert.text.strip():
            yield happening.alert
