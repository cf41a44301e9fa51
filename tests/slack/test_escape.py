"""Values become text that Slack shows and does not obey."""

import pytest

from bot.slack.escape import code, cut, escape, escape_but_people, fenced, link, linked, moment, person, tame, visible


def test_values_cannot_call_or_link() -> None:
    """Mentions, broadcasts and links of a value are shown as they were written."""
    assert escape("<!channel> & <https://x|y>") == "&lt;!channel&gt; &amp; &lt;https://x|y&gt;"


def test_only_single_people_are_mentioned_by_our_sentences() -> None:
    """`<@U…>` stays a mention; everything else in the sentence is text."""
    said = escape_but_people("Declined by <@U0LEAD>, not <@here> <!here> <#C1> <@U1|x>")
    assert said == "Declined by <@U0LEAD>, not &lt;@here&gt; &lt;!here&gt; &lt;#C1&gt; &lt;@U1|x&gt;"


def test_tame_escapes_nothing_twice() -> None:
    """A title that is escaped already stays as it is; one that is not cannot mention anybody."""
    assert tame("a &lt; b &amp; c") == "a &lt; b &amp; c"
    assert tame("<!channel>") == "&lt;!channel&gt;"


def test_code_cannot_be_left() -> None:
    """Backticks and line breaks inside do not end the code."""
    assert code("a`b\nc") == "`a'b c`"
    assert code(" \n") == ""
    assert fenced("x ``` <!here>") == "```\nx `\u200b`` &lt;!here&gt;\n```"


@pytest.mark.parametrize("count", range(1, 12))
def test_no_run_of_backticks_ends_a_code_block(count: int) -> None:
    """Four are not three and one: whatever is left of them after taking them apart is no fence."""
    inner = fenced("a" + "`" * count + "b").removeprefix("```\n").removesuffix("\n```")
    assert "```" not in inner
    assert inner.count("`") == count


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u2066", "\u200b", "\xad", "\ufeff", "\x00", "\x1b", "\r", "\u2028"], ids=ascii
)
def test_what_nobody_sees_is_written_out(hidden: str) -> None:
    """What people read and what runs are the same; written out once, it stays as it is."""
    assert visible(f"a{hidden}b") == f"a\\u{ord(hidden):04x}b" == visible(visible(f"a{hidden}b"))


def test_what_everybody_sees_stays() -> None:
    """Line breaks, tabs, every script and emoji."""
    seen = "SELECT 'Zoë',\n\t'東京 🔥' -- “x”\u00a0…"
    assert visible(seen) == seen


def test_person_is_mentioned_only_by_id() -> None:
    """Anything that is no Slack id stays text."""
    assert person("U0LEAD") == "<@U0LEAD>"
    assert person("!channel>") == "!channel&gt;"


def test_bare_urls_become_links_once() -> None:
    """URLs in words are linked, without the full stop after them; links and mentions stay as they are."""
    text = "see https://x.test/a?b=1, <https://y.test|log> and <@U1>."
    assert linked(text) == "see <https://x.test/a?b=1>, <https://y.test|log> and <@U1>."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("&lt;https://x.test/a&gt;", "&lt;<https://x.test/a>&gt;"),
        ("https://x.test/?a=1&amp;b=2)", "<https://x.test/?a=1&amp;b=2>)"),
        ("(https://x.test/a), https://y.test/b.", "(<https://x.test/a>), <https://y.test/b>."),
        ("*https://x.test/a*", "*<https://x.test/a>*"),
        ("https://", "https://"),
        ("ftp://x.test javascript:alert(1)", "ftp://x.test javascript:alert(1)"),
    ],
)
def test_a_link_ends_where_its_address_does(text: str, shown: str) -> None:
    """Brackets, also escaped ones, and punctuation around it are the sentence's."""
    assert linked(text) == shown


@pytest.mark.parametrize("tail", ["&amp;", "<https://x.test/long|label>", "```code```"])
@pytest.mark.parametrize("longest", range(20, 45))
def test_cut_never_ends_inside_something(tail: str, longest: int) -> None:
    """A cut text keeps to its length and leaves no half entity, half link or open code block."""
    said = cut("some words " + tail * 9, longest)
    assert len(said) <= longest
    assert said.count("<") == said.count(">")
    assert said.count("```") % 2 == 0
    assert not any(said.rstrip(" …").endswith(half) for half in ("&", "&a", "&am", "&amp"))


def test_moment_is_shown_in_the_readers_time(make: object) -> None:
    """Slack gets the epoch, and UTC words for where it cannot show that."""
    assert moment(make.now) == "<!date^1795140780^{time}|2026-11-20 02:13 UTC>"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://airflow.example/dags/a?x=1&y=2", "<https://airflow.example/dags/a?x=1&amp;y=2|log>"),
        ("https://evil.example|<!channel>", "`https://evil.example|&lt;!channel&gt;`"),
        ("javascript:alert(1)", "`javascript:alert(1)`"),
    ],
)
def test_only_a_plain_address_becomes_a_link(url: str, shown: str) -> None:
    """An address with Slack's own marks in it, or of another scheme, is shown and not linked."""
    assert link(url, "log") == shown
