"""Third floor of the Block Kit validator: every block, and which of them a message, a modal and App Home take. Data.

Limits: docs.slack.dev/reference/block-kit/blocks, blocks.json (surfaces) and slack_sdk 3.47.
"""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.block_kit.elements import (
    BUTTON,
    IMAGE,
    IMAGE_FIELDS,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
)
from bot.sandbox.slack.block_kit.objects import ID, URL, plain, words
from bot.sandbox.slack.block_kit.problem import CONSTRAINT, Problem
from bot.sandbox.slack.block_kit.rich_text import RICH_TEXT
from bot.sandbox.slack.block_kit.rules import (
    Rule,
    any_of,
    anything,
    array,
    by_type,
    choice,
    exactly_one,
    flag,
    lazy,
    shape,
    text,
)
from bot.sandbox.slack.block_kit.tables import DATA_TABLE, DATA_VISUALIZATION, TABLE


def _block(kind: str, required: dict[str, Rule], optional: dict[str, Rule] | None = None, *also: Rule) -> Rule:
    return shape({"type": choice(kind), **required}, {"block_id": ID, **(optional or {})}, *also)


def _collapsing(value: dict[str, Any], pointer: str) -> Iterator[Problem]:
    if value.get("is_collapsible") and value.get("has_header_divider"):
        yield Problem(pointer, CONSTRAINT, "has_header_divider cannot be set when is_collapsible is true")


SECTION = _block(
    "section",
    {},
    {"text": words(3000), "fields": array(words(2000), 10, least=1), "accessory": IN_SECTION, "expand": flag},
    any_of("text", "fields"),
)
ACTIONS = _block("actions", {"elements": array(IN_ACTIONS, 25, least=1)})
_CONTEXT_TEXT = words(None)
CONTEXT = _block(
    "context",
    {"elements": array(by_type({"image": IMAGE, "mrkdwn": _CONTEXT_TEXT, "plain_text": _CONTEXT_TEXT}), 10, least=1)},
)
INPUT = _block(
    "input",
    {"label": plain(2000), "element": IN_INPUT},
    {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
)
CARD = _block(
    "card",
    {},
    {
        "hero_image": IMAGE,
        "icon": IMAGE,
        "slack_icon": anything,
        "title": words(150),
        "subtitle": words(150),
        "subtext": words(200),
        "body": words(200),
        "actions": array(by_type({"button": BUTTON}), 5),
    },
    any_of("hero_image", "title", "body", "actions"),
)
_SOURCE = shape({"type": choice("url"), "url": URL, "text": text()})
TASK_CARD = _block(
    "task_card",
    {"task_id": text(255), "title": text()},
    {
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": array(_SOURCE),
        "status": choice("pending", "in_progress", "complete", "error"),
    },
)
CONTAINER = _block(
    "container",
    {"child_blocks": array(lazy(lambda: by_type(_IN_CONTAINER)), 10, least=1)},
    {
        "title": plain(150),
        "rich_text_title": RICH_TEXT,
        "subtitle": words(150),
        "width": choice("narrow", "standard", "wide", "full"),
        "icon": IMAGE,
        "is_collapsible": flag,
        "default_collapsed": flag,
        "has_header_divider": flag,
    },
    any_of("title", "rich_text_title"),
    _collapsing,
)
_EVERYWHERE: dict[str, Rule] = {
    "actions": ACTIONS,
    "context": CONTEXT,
    "divider": _block("divider", {}),
    "header": _block("header", {"text": plain(150)}, {"level": anything}),
    "image": _block(
        "image",
        {"alt_text": text(2000)},
        {**IMAGE_FIELDS, "title": plain(2000)},
        exactly_one("image_url", "slack_file"),
    ),
    "input": INPUT,
    "rich_text": RICH_TEXT,
    "section": SECTION,
    "video": _block(
        "video",
        {"alt_text": text(), "title": plain(199), "thumbnail_url": URL, "video_url": URL},
        {
            "author_name": text(49),
            "description": plain(199),
            "provider_icon_url": URL,
            "provider_name": text(),
            "title_url": URL,
        },
    ),
    "card": CARD,
}
_CAROUSEL = _block("carousel", {"elements": array(by_type({"card": CARD}), 10, least=1)})
_MESSAGE_ONLY: dict[str, Rule] = {
    "container": CONTAINER,
    "context_actions": _block("context_actions", {"elements": array(IN_CONTEXT_ACTIONS, 5, least=1)}),
    "data_table": DATA_TABLE,
    "data_visualization": DATA_VISUALIZATION,
    "file": _block("file", {"external_id": text(), "source": choice("remote")}),
    "markdown": _block("markdown", {"text": text(12_000)}),
    "plan": _block("plan", {"title": text()}, {"tasks": array(by_type({"task_card": TASK_CARD}), 50)}),
    "table": TABLE,
    "task_card": TASK_CARD,
}
_ALERT = _block("alert", {"text": words(200)}, {"level": choice("default", "info", "warning", "error", "success")})
_IN_CONTAINER: dict[str, Rule] = {
    **_EVERYWHERE,
    **{name: rule for name, rule in _MESSAGE_ONLY.items() if name != "container"},
}

IN_MESSAGE = by_type({**_EVERYWHERE, **_MESSAGE_ONLY, "carousel": _CAROUSEL}, refused={"alert": "only in modals"})
_ELSEWHERE = dict.fromkeys(_MESSAGE_ONLY, "only in messages")
IN_MODAL = by_type({**_EVERYWHERE, "alert": _ALERT}, refused={**_ELSEWHERE, "carousel": "not in modals"})
IN_HOME = by_type({**_EVERYWHERE, "carousel": _CAROUSEL}, refused={**_ELSEWHERE, "alert": "only in modals"})
