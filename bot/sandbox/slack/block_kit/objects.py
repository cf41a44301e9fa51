"""Second floor of the Block Kit validator: composition objects: texts, options, confirm dialogs, files. Data.

Limits: docs.slack.dev/reference/block-kit/composition-objects and slack_sdk 3.47.
"""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.block_kit.problem import CONSTRAINT, Problem
from bot.sandbox.slack.block_kit.rules import (
    Rule,
    any_of,
    array,
    by_type,
    choice,
    exactly_one,
    flag,
    shape,
    text,
)

ID = text(255)
URL = text(3000, pattern=r"(?s)(https?|mailto|slack|tel):.+")


def plain(most: int | None) -> Rule:
    """A plain_text object."""
    fields = {"type": choice("plain_text"), "text": text(most)}
    return _schema(shape(fields, {"emoji": flag}))


def words(most: int | None) -> Rule:
    """A plain_text or mrkdwn object."""
    mrkdwn = shape({"type": choice("mrkdwn"), "text": text(most)}, {"verbatim": flag})
    return _schema(by_type({"plain_text": plain(most), "mrkdwn": mrkdwn}))


def _schema(rule: Rule) -> Rule:
    """Slack puts this line before what is wrong inside a text object."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        found = list(rule(value, pointer))
        if found and found[0].message != _UNMATCHED:
            yield Problem(pointer, CONSTRAINT, _UNMATCHED)
        yield from found

    return check


_UNMATCHED = "failed to match all allowed schemas"

CONFIRM = shape(
    {"title": plain(100), "text": words(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)
_OPTION = {"text": plain(75), "value": text(150, least=0)}
OPTION = shape(_OPTION, {"description": plain(75)})
RICH_OPTION = shape({**_OPTION, "text": words(75)}, {"description": words(75)})  # checkboxes and radio buttons
OVERFLOW_OPTION = shape(_OPTION, {"description": plain(75), "url": URL})
OPTION_GROUP = shape({"label": plain(75), "options": array(OPTION, 100, least=1)})
FILTER = shape(
    {},
    {
        "include": array(choice("im", "mpim", "private", "public"), least=1),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
    any_of("include", "exclude_external_shared_channels", "exclude_bot_users"),
)
DISPATCH = shape({"trigger_actions_on": array(choice("on_enter_pressed", "on_character_entered"), 2, least=1)})
SLACK_FILE = shape({}, {"id": text(pattern="F[A-Z0-9]{8,}"), "url": URL}, exactly_one("id", "url"))
FEEDBACK_BUTTON = shape({"text": plain(75), "value": text(2000)}, {"accessibility_label": text(75)})
