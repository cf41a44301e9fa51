"""The rich_text block of a typed message: each token as the part that Slack's composer makes of it."""

import pytest

from bot.sandbox.slack.block_kit import validate_message
from bot.sandbox.slack.composer import rich_text

PARTS = [
    ("hi", [{"type": "text", "text": "hi"}]),
    ("<@U0LEAD>", [{"type": "user", "user_id": "U0LEAD"}]),
    ("<@U0LEAD|lee>", [{"type": "user", "user_id": "U0LEAD"}]),
    ("<#C0ENG|data-eng>", [{"type": "channel", "channel_id": "C0ENG"}]),
    ("<!subteam^S0ONCALL>", [{"type": "usergroup", "usergroup_id": "S0ONCALL"}]),
    ("<!subteam^S0ONCALL|@data-oncall>", [{"type": "usergroup", "usergroup_id": "S0ONCALL"}]),
    ("<!here|here>", [{"type": "broadcast", "range": "here"}]),
    ("<https://e.com>", [{"type": "link", "url": "https://e.com"}]),
    ("<https://e.com|a &amp; b>", [{"type": "link", "url": "https://e.com", "text": "a & b"}]),
    ("<https://e.com?a=1&amp;b=2|>", [{"type": "link", "url": "https://e.com?a=1&b=2"}]),
    ("a &lt;b&gt; &amp;lt;", [{"type": "text", "text": "a <b> &lt;"}]),
    ("<@U1><@U2>", [{"type": "user", "user_id": "U1"}, {"type": "user", "user_id": "U2"}]),
]


@pytest.mark.parametrize(("wire", "parts"), PARTS)
def test_parts(wire, parts):
    """Tokens become parts, entities become characters, once."""
    block = rich_text(wire)
    assert block["elements"][0]["elements"] == parts
    assert validate_message([block]) == []
