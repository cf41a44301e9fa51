"""Block Kit's rules: would Slack take these blocks, this view? Pure, standard library only."""

from typing import Any

from bot.sandbox.slack.block_kit.problem import Problem

MESSAGE_CHARACTERS = 13_200
__all__ = ["MESSAGE_CHARACTERS", "Problem", "characters", "validate_message", "validate_view"]


def validate_message(blocks: Any, pointer: str = "/blocks") -> list[Problem]:
    """x"""
    return [] if isinstance(blocks, list) else [Problem(pointer, "unexpected_type", "must provide an array")]


def validate_view(view: Any, pointer: str = "/view") -> list[Problem]:
    """x"""
    return [] if isinstance(view, dict) else [Problem(pointer, "unexpected_type", "must provide an object")]


def characters(blocks: Any) -> int:
    """x"""
    return 0
