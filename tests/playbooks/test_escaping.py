"""Whatever a value holds, it cannot ring, format or break the line."""

import pytest

from bot.playbooks.escaping import TEXT_LIMIT, VALUE_LIMIT, Mrkdwn, cap_text, clean, escape, escape_code


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U0LEAD> & <https://evil|ok>", "&lt;@U0LEAD&gt; &amp; &lt;https://evil|ok&gt;"),
        ("&lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
        ("a\r\nb\tc\x00d", "a b c d"),
        ("`code`", "'code'"),
        ("*bold* and ~gone~", "∗bold∗ and ∼gone∼"),
        ("SELECT * FROM LOADING_WH, a*b", "SELECT * FROM LOADING_WH, a*b"),
        ("_private_", "＿private＿"),
        ("\u202egpj.exe\u200b", "gpj.exe"),
        ("\ud83d", "\ufffd"),
    ],
)
def test_a_value_becomes_harmless_words(value: str, shown: str) -> None:
    """Mentions, links, formatting at word edges, line breaks, invisible characters are neutralised; names are not."""
    assert escape(value) == shown


def test_a_value_as_code_stays_exact() -> None:
    """Inside code only Slack's three characters and the backtick change, so that a name can be copied."""
    assert escape_code("_x_ *y* <!here> `z`") == "`_x_ *y* &lt;!here&gt; 'z'`"
    assert escape_code("") == "` `"


def test_a_value_is_capped_before_it_is_escaped() -> None:
    """The cap counts the characters that a person sees, and no escape is cut in two."""
    shown = escape("<" * 1000)
    assert shown == "&lt;" * (VALUE_LIMIT - 1) + "…"
    assert len(clean("x" * 10_000, 50)) == 50


def test_a_long_text_is_cut_at_a_line_or_a_word() -> None:
    """A section may have 3,000 characters; the end is cut where nothing is broken."""
    assert cap_text("short") == "short"
    lines = cap_text("line of words\n" * 500)
    assert lines.endswith("line of words …")
    assert len(lines) <= TEXT_LIMIT
    assert cap_text("word " * 1000).endswith("word …")


def test_a_cut_closes_code_and_drops_half_a_date() -> None:
    """An open backtick or `<!date` would swallow what follows."""
    assert cap_text("`" + "x" * 4000).count("`") == 2
    assert "<!date" not in cap_text("x" * 2880 + " <!date^1^{date}|2026-11-20 06:00 UTC> " + "y" * 100)


def test_no_operation_on_mrkdwn_keeps_its_trust() -> None:
    """Joining trusted text with a value gives a plain text again, which will be escaped."""
    assert type(Mrkdwn("`a`") + "<!here>") is str
