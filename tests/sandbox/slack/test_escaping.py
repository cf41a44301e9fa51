"""Text as Slack stores it: what is escaped, what stays a token, and hostile mixtures of both."""

import pytest

from bot.sandbox.slack import escaping

POSTED = [
    ("", ""),
    ("&", "&amp;"),
    ("&amp; &lt; &gt;", "&amp; &lt; &gt;"),
    ("&nbsp; &amp;lt;", "&amp;nbsp; &amp;lt;"),
    ("<!channel> <!subteam^S0ONCALL> <!date^1^{date}|x>", "<!channel> <!subteam^S0ONCALL> <!date^1^{date}|x>"),
    ("<mailto:a@b|a> <tel:1>", "<mailto:a@b|a> <tel:1>"),
    ("<javascript:alert(1)>", "&lt;javascript:alert(1)&gt;"),
    ("<@U1\n>", "&lt;@U1\n&gt;"),
    ("<<@U1>>", "&lt;<@U1>&gt;"),
    ("<@>", "&lt;@&gt;"),
    ("<https://e.com/?a=1&b=2|x>", "<https://e.com/?a=1&b=2|x>"),
    ("https://e.com/?a=1&b=2", "<https://e.com/?a=1&amp;b=2>"),
    ("(https://e.com).", "(<https://e.com>)."),
    ('"https://e.com"', '"<https://e.com>"'),
    ("https:// http", "https:// http"),
    ("https://e.com<b> x", "<https://e.com>&lt;b&gt; x"),
    ("https://e.com&gt; x", "<https://e.com>&gt; x"),
    ("https://e.com/& x", "<https://e.com/&amp;> x"),
    ("https://e.com/a&b;", "<https://e.com/a&amp;b>;"),
]


@pytest.mark.parametrize(("text", "stored"), POSTED)
def test_posted_text(text, stored):
    """Only Slack's own control sequences survive; whatever else looks like one is text."""
    assert escaping.posted(text) == stored


STABLE = ["a < b", "<@U1> & <b>", "https://e.com/?a&b", "<https://e.com|a> https://e.com", "&lt;@U1&gt;"]


@pytest.mark.parametrize("text", STABLE)
def test_stored_text_is_stable(text):
    """Posting again what Slack stored changes nothing: a bot may edit with what it read."""
    once = escaping.posted(text)
    assert escaping.posted(once) == once


TYPED = [
    ("@nadia: hi", "<@U1>: hi"),
    ("@nadia.x", "@nadia.x"),
    ("@Nadia", "@Nadia"),
    ("a@nadia", "a@nadia"),
    ("@@nadia", "@@nadia"),
    ("#eng!", "<#C1|eng>!"),
    ("#eng-2", "#eng-2"),
    ("https://e.com<b>&", "<https://e.com>&lt;b&gt;&amp;"),
    ("https://e.com/?a& b", "<https://e.com/?a&amp;> b"),
    ("<!channel> <@U1>", "&lt;!channel&gt; &lt;@U1&gt;"),
    ("&amp;", "&amp;amp;"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "wire"), TYPED)
def test_typed_text(text, wire):
    """A person cannot type a control sequence; known names become mentions, longer ones do not."""
    assert escaping.typed(text, {"nadia": "U1"}, {"eng": "C1"}) == wire


def test_escape_leaves_nothing_to_read_as_a_token():
    """Every one of the three characters is escaped, those of an entity too."""
    assert escaping.escape("<@U1> &lt;") == "&lt;@U1&gt; &amp;lt;"
