"""Second floor of the stand-in: Block Kit's verdict as Slack's answer, and what Slack fills in to accepted blocks."""

from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from bot.sandbox.slack.block_kit import MESSAGE_CHARACTERS, Problem, characters, validate_message, validate_view
from bot.sandbox.slack.block_kit.problem import CONSTRAINT
from bot.sandbox.slack.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Abilities:
    """What this workspace can show: `file_usable` of a slack_file's id, and the block types that it does not know."""

    file_usable: Callable[[str], bool] = lambda file_id: True
    unknown_blocks: tuple[str, ...] = ()


EVERYTHING = Abilities()
_NESTING = {"carousel": "elements", "container": "child_blocks"}  # blocks that hold blocks


def refuse_invalid_blocks(blocks: Any, attachments: Any = None, abilities: Abilities = EVERYTHING) -> None:
    """Refusal invalid_blocks, invalid_attachments or msg_blocks_too_long when Slack would not take the message."""
    if blocks is not None:
        refuse(_unknown(blocks, abilities.unknown_blocks) or validate_message(blocks), "invalid_blocks")
        _refuse_unready_files(blocks, abilities.file_usable)
        if characters(blocks) > MESSAGE_CHARACTERS:
            raise Refusal("msg_blocks_too_long", f"{characters(blocks)} characters in all blocks")
    if not isinstance(attachments, list | None):
        raise Refusal("invalid_attachments", "attachments must be an array")
    for number, attachment in enumerate(attachments or []):
        if not isinstance(attachment, dict):
            raise Refusal("invalid_attachments", f"attachment {number} is no object")
        if "blocks" in attachment:
            found = validate_message(attachment["blocks"], pointer=f"/attachments/{number}/blocks")
            refuse(found, "invalid_attachments")
    if len(attachments or []) > 100:
        raise Refusal("too_many_attachments", "a message holds 100 attachments")


def refuse_invalid_view(view: Any) -> None:
    """Refusal invalid_arguments with the problems when Slack would not take the view."""
    refuse(validate_view(view), "invalid_arguments")


def refuse(problems: list[Problem], code: str) -> None:
    """Refuse with Slack's `errors` and `response_metadata.messages` when there are problems."""
    if not problems:
        return
    lines = [f"{one.message} [json-pointer:{one.pointer}]" for one in problems]
    metadata = {"messages": [f"[ERROR] {line}" for line in lines]}
    raise Refusal(code, lines[0], errors=lines, response_metadata=metadata)


def complete_blocks(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Blocks as Slack stores them: each with a block_id, interactive elements with an action_id."""
    return [_complete({"type": block["type"], "block_id": token_hex(3), **block}) for block in blocks]


def _complete(block: dict[str, Any]) -> dict[str, Any]:
    if block["type"] in ("actions", "context_actions"):
        block["elements"] = [{"action_id": token_hex(3), **element} for element in block["elements"]]
    elif block["type"] == "card" and "actions" in block:
        block["actions"] = [{"action_id": token_hex(3), **element} for element in block["actions"]]
    elif block["type"] in _NESTING:
        name = _NESTING[block["type"]]
        block[name] = complete_blocks(block[name])
    elif block["type"] == "section" and "accessory" in block and block["accessory"]["type"] != "image":
        block["accessory"] = {"action_id": token_hex(3), **block["accessory"]}
    elif block["type"] == "input":
        block["element"] = {"action_id": token_hex(3), **block["element"]}
    return block


def _unknown(blocks: Any, kinds: tuple[str, ...]) -> list[Problem]:
    """Blocks that were not rolled out here yet, told as a type that nobody knows is."""
    known = blocks if isinstance(blocks, list) else []
    found = [(number, block.get("type")) for number, block in enumerate(known) if isinstance(block, dict)]
    return [
        Problem(f"/blocks/{number}/type", CONSTRAINT, f"unsupported type: {kind}")
        for number, kind in found
        if kind in kinds
    ]


def _refuse_unready_files(blocks: list[dict[str, Any]], usable: Callable[[str], bool]) -> None:
    for number, block in enumerate(blocks):
        file_id = (block.get("slack_file") or {}).get("id") if block["type"] == "image" else None
        if file_id is not None and not usable(file_id):
            problem = Problem(f"/blocks/{number}/slack_file", "invalid_slack_file", "invalid slack file")
            refuse([problem], "invalid_blocks")
