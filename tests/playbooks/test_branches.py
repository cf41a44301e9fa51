"""A pattern falls into the sides of its outermost bar, and into no other pieces."""

import pytest

from bot.playbooks.branches import split_branches


@pytest.mark.parametrize(
    ("source", "branches"),
    [
        ("quota", ("quota",)),
        ("quota|credit", ("quota", "credit")),
        (r"\b(?:a|b)c|d", (r"\b(?:a|b)c", "d")),
        (r"one\|two|[|(\]]x|[^]|]y", (r"one\|two", r"[|(\]]x", "[^]|]y")),
        (r"a\(b|c(?P<name>x|y)", (r"a\(b", "c(?P<name>x|y)")),
        ("(?s)a|b", ("(?s)a|b",)),
        (r"\Qa|b\E", (r"\Qa|b\E",)),
        ("a|(?-i:B|C)", ("a", "(?-i:B|C)")),
    ],
)
def test_only_outermost_bars_split_a_pattern(source: str, branches: tuple[str, ...]) -> None:
    """Bars in groups, classes and escapes are the branch's own; flags and quotes leave the pattern whole."""
    assert split_branches(source) == branches
