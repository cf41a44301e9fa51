"""What a pattern requires is promised only where it is certain."""

import pytest

from bot.playbooks.literals import fold, required_literals


@pytest.mark.parametrize(
    ("source", "clauses"),
    [
        (r"abc\w+def", [{"abc"}, {"def"}]),
        ("Connection Refused", [{"connectionrefused"}]),
        (r"(?:cannot be resumed|quota)", [{"cannotberesumed", "quota"}]),
        (r"\bfoo\.bar\b", [{"foo.bar"}]),
        ("(?P<kind>table|view) is gone", [{"tableisgone", "viewisgone"}]),
        ("(?:is )?gone", [{"gone"}]),
        ("(?:very ){1,3}old model", [{"very"}, {"veryoldmodel"}]),
        ("warehouses? of it", [{"warehouseofit", "warehousesofit"}]),
        (r"""task ["'_ ]\w""", [{"task"}]),
        ("model ['`]", [{"model'", "model`"}]),
        (r"task(?:s|es)?[:=]\d", [{"task:", "task=", "tasks:", "tasks=", "taskes:", "taskes="}]),
        ("[abcd][abcd][abcd]quota", [{"aquota", "bquota", "cquota", "dquota"}]),
        ("ab+cdef", [{"bcdef"}]),
        ("x{0,2}abc", [{"abc"}]),
        ("[[:alpha:]]name[]abc]end", [{"name"}, {"end"}]),
        (r"\x{41}bcd\pLxyz", [{"bcd"}, {"xyz"}]),
        ("straße gesperrt", [{"stra"}, {"egesperrt"}]),
    ],
)
def test_every_match_holds_one_text_of_each_clause(source: str, clauses: list[set[str]]) -> None:
    """Runs of characters are required; of alternatives, one; a few side by side give long texts."""
    (branch,) = required_literals(source)
    assert [{literal.decode() for literal in clause} for clause in branch] == clauses


def test_each_branch_has_clauses_of_its_own() -> None:
    """A text that holds one piece of one side and one of another matches neither."""
    branches = required_literals(r"\bquota\b.*exceeded|suspended by (?:monitor|hand)")
    assert branches == (
        (frozenset({b"quota"}), frozenset({b"exceeded"})),
        (frozenset({b"suspendedbymonitor", b"suspendedbyhand"}),),
    )


@pytest.mark.parametrize("source", ["a|bcde", r"\d+", "(?:quota)?", "(?:quota|x)", "ab", r"\Qquota\E", "quota{,5}", ""])
def test_nothing_is_promised_where_nothing_is_certain(source: str) -> None:
    """An optional text, a branch without one, too short a one, and constructs that the reader does not know."""
    assert required_literals(source) == ()


def test_white_space_takes_no_part() -> None:
    """A space in a pattern stands for any white space, so a wrapped and indented line holds the same fixed text."""
    assert fold(b"Cannot\r\n   be\t RESUMED") == b"cannotberesumed"
    assert required_literals(r"cannot be\s*?\nresu {2}med") == ((frozenset({b"cannotberesumed"}),),)


def test_letters_that_re2_takes_for_ascii_ones_are_folded() -> None:
    """The Kelvin sign is a k and the long s an s to RE2, so a text must not lose a match by them."""
    assert fold("\N{KELVIN SIGN}afka ha\N{LATIN SMALL LETTER LONG S} É".encode()) == b"kafkahas" + "É".encode()
