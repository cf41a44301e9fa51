"""What the readers hand on: a piece for each thing to see, none for what says nothing."""

import pytest

from bot.alerts.alert import Link
from bot.alerts.parts import Lines, link, markdown, words


def test_markup_is_undone_and_its_links_follow() -> None:
    """The words first, then every link in order."""
    parts = list(markdown("see <https://x.test/1|log> &amp; <https://x.test/2>"))
    seen = Lines("see log (https://x.test/1) & https://x.test/2")
    assert parts == [seen, Link("log", "https://x.test/1"), Link("", "https://x.test/2")]


def test_plain_words_keep_what_looks_like_markup() -> None:
    """Only the entities are undone."""
    assert list(words("a &lt;b&gt; <https://x.test|y> *c*")) == [Lines("a <b> <https://x.test|y> *c*")]


@pytest.mark.parametrize("wire", ["", " ", "\n\t\n"], ids=repr)
def test_blank_text_is_nothing(wire: str) -> None:
    """No empty line comes of it."""
    assert [*markdown(wire), *words(wire), *link(wire, wire)] == []


@pytest.mark.parametrize(
    ("label", "url", "line", "found"),
    [
        (" View log ", " https://x.test ", "View log (https://x.test)", True),
        ("", "https://x.test", "https://x.test", True),
        ("View log", "", "View log", False),
        ("A &amp; B", "https://x.test/?a=1&amp;b=2", "A & B (https://x.test/?a=1&b=2)", True),
    ],
)
def test_a_link_of_its_own_is_a_line_and_a_link(label: str, url: str, line: str, found: bool) -> None:
    """A button without an address is only its words."""
    parts = list(link(label, url))
    assert parts[0] == Lines(line)
    assert (len(parts) == 2) is found
