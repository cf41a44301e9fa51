"""Block Kit's rules: would Slack take these blocks, this view? Pure; standard library only.

Slack publishes no schema; the limits are those of its documentation and of slack_sdk, see the README beside.
"""

from bot.sandbox.slack.block_kit.problem import Problem
from bot.sandbox.slack.block_kit.surfaces import MESSAGE_CHARACTERS, characters, validate_message, validate_view

__all__ = ["MESSAGE_CHARACTERS", "Problem", "characters", "validate_message", "validate_view"]
