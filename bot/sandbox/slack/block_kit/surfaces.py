"""Fourth floor of the Block Kit validator: whole messages and views, and what must hold over all their blocks."""

import json
from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.block_kit.blocks import IN_HOME, IN_MESSAGE, IN_MODAL
from bot.sandbox.slack.block_kit.objects import plain
from bot.sandbox.slack.block_kit.problem import CONSTRAINT, Problem
from bot.sandbox.slack.block_kit.rules import Rule, array, by_type, choice, flag, shape, text
from bot.sandbox.slack.block_kit.tables import CHARTS_IN_MESSAGE

MESSAGE_CHARACTERS = 13_200  # all blocks of a message together (bolt-js#2509): msg_blocks_too_long
MARKDOWN_CHARACTERS = 12_000
VIEW_BYTES = 250_000
_TEXTS = frozenset({"text", "alt_text", "title", "caption", "label", "description", "hint", "placeholder"})


def validate_message(blocks: Any, pointer: str = "/blocks") -> list[Problem]:
    """What Slack would refuse in a message's blocks, in the order of the blocks; empty when it takes them.

    `pointer` is put before every pointer. The 13,200 characters over all blocks are not checked here: Slack answers
    them with an error of their own, see `characters`.
    """
    problems = list(array(IN_MESSAGE, 50)(blocks, pointer))
    if isinstance(blocks, list):
        problems += _unique_ids(blocks, pointer)
        problems += _message_sums(blocks, pointer)
    return problems


def validate_view(view: Any, pointer: str = "/view") -> list[Problem]:
    """What Slack would refuse in a modal or App Home view; empty when it takes it."""
    problems = list(_VIEW(view, pointer))
    if isinstance(view, dict) and isinstance(view.get("blocks"), list):
        problems += _unique_ids(view["blocks"], f"{pointer}/blocks")
        if len(json.dumps(view).encode()) > VIEW_BYTES:
            problems.append(Problem(pointer, CONSTRAINT, f"view must be less than {VIEW_BYTES} bytes"))
    return problems


def characters(blocks: Any) -> int:
    """The characters of all texts in a message's blocks, which Slack limits to about 13,200 (MESSAGE_CHARACTERS)."""
    if isinstance(blocks, list):
        return sum(characters(one) for one in blocks)
    if not isinstance(blocks, dict):
        return 0
    total = 0
    for name, value in blocks.items():
        total += len(value) if isinstance(value, str) and name in _TEXTS else characters(value)
    return total


def _needs_submit(view: dict[str, Any], pointer: str) -> Iterator[Problem]:
    blocks = view.get("blocks")
    inputs = isinstance(blocks, list) and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
    if inputs and "submit" not in view:
        yield Problem(pointer, CONSTRAINT, "missing required field: submit (the view has input blocks)")


_SHARED: dict[str, Rule] = {"private_metadata": text(3000, least=0), "callback_id": text(255, least=0)}
_SHARED |= {"external_id": text(255, least=0)}
_MODAL = shape(
    {"type": choice("modal"), "title": plain(24), "blocks": array(IN_MODAL, 100)},
    {
        **_SHARED,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
    _needs_submit,
)
_HOME = shape({"type": choice("home"), "blocks": array(IN_HOME, 100)}, _SHARED)
_VIEW = by_type({"modal": _MODAL, "home": _HOME})


def _unique_ids(blocks: list[Any], pointer: str) -> Iterator[Problem]:
    """block_id once in the surface; action_id once in a block (Slack's documentation says no more than that)."""
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        block_id = block.get("block_id")
        if isinstance(block_id, str) and block_id in seen:
            where = f"{pointer}/{index}/block_id"
            yield Problem(where, CONSTRAINT, f'`block_id` "{block_id}" already exists')
        elif isinstance(block_id, str):
            seen.add(block_id)
        yield from _unique_actions(block, f"{pointer}/{index}")


def _unique_actions(block: dict[str, Any], pointer: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for name in ("elements", "actions"):
        found = block.get(name)
        for index, element in enumerate(found if isinstance(found, list) else []):
            action_id = element.get("action_id") if isinstance(element, dict) else None
            if isinstance(action_id, str) and action_id in seen:
                where = f"{pointer}/{name}/{index}/action_id"
                yield Problem(where, CONSTRAINT, f'`action_id` "{action_id}" already exists')
            elif isinstance(action_id, str):
                seen.add(action_id)


def _message_sums(blocks: list[Any], pointer: str) -> Iterator[Problem]:
    of_type: dict[str, list[dict[str, Any]]] = {}
    for block in blocks:
        if isinstance(block, dict):
            of_type.setdefault(str(block.get("type")), []).append(block)
    markdown = sum(len(str(block.get("text", ""))) for block in of_type.get("markdown", []))
    if markdown > MARKDOWN_CHARACTERS and len(of_type["markdown"]) > 1:
        message = f"markdown blocks must be less than {MARKDOWN_CHARACTERS + 1} characters together"
        yield Problem(pointer, CONSTRAINT, message)
    if len(of_type.get("data_visualization", [])) > CHARTS_IN_MESSAGE:
        message = f"no more than {CHARTS_IN_MESSAGE} data_visualization blocks allowed"
        yield Problem(pointer, CONSTRAINT, message)
    if len(of_type.get("table", [])) > 1:
        yield Problem(pointer, "only_one_table_allowed", "only one table allowed in a message")
