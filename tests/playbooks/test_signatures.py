"""Patterns run in RE2 or are refused."""

import time

import pytest

from bot.playbooks.signatures import TEXT_LIMIT, PatternError, compile_pattern, encode, fixed_text, widen_spaces


def test_a_pattern_ignores_case_and_gives_its_groups() -> None:
    """`(?P<name>…)` gives the value as it stands in the text; a group that took no part is left out."""
    hit = compile_pattern(r"warehouse (?P<warehouse>\w+)(?: of (?P<owner>\w+))? is").search(encode("WAREHOUSE Wh_1 is"))
    assert hit is not None
    assert hit.groups == {"warehouse": "Wh_1"}


def test_a_name_may_stand_in_several_branches() -> None:
    """Whichever branch matched gives the value."""
    pattern = compile_pattern(r'host "(?P<host>\w+)"|server (?P<host>\w+)')
    assert pattern.names == {"host"}
    for text in ('host "a"', "server a"):
        hit = pattern.search(encode(text))
        assert hit is not None
        assert hit.groups == {"host": "a"}


def test_a_counted_gap_is_as_long_as_it_says() -> None:
    """A large pattern is looked for without counting first; what is found there is still held to the count."""
    pattern = compile_pattern(r"alpha[^\n]{3,120}omega|[{]gap{2,60}\{[[:digit:],}]{1,99}")
    assert pattern.search(encode("alpha" + "x" * 120 + "omega"))
    assert not pattern.search(encode("alpha" + "x" * 121 + "omega"))
    assert not pattern.search(encode("alpha--omega"))
    late = pattern.search(encode("alpha" + "x" * 130 + "alpha" + "x" * 9 + "omega"))
    assert late is not None
    assert late.text == "alpha" + "x" * 9 + "omega"
    hit = pattern.search(encode("{ga{1 {gapp{1,99}"))
    assert hit is not None
    assert hit.text == "{gapp{1,99}"


def test_anchors_stand_at_lines() -> None:
    """`^` and `$` work on each line, because alerts have many; `\\A` is the beginning of the text."""
    assert compile_pattern(r"^two$").search(encode("one\ntwo\nthree"))
    assert not compile_pattern(r"\Atwo").search(encode("one\ntwo"))


@pytest.mark.parametrize(
    ("source", "widened"),
    [("a  b", r"a\s+b"), ("a ?b {0,3}c", r"a\s?b\s{0,3}c"), (r"a\ b", r"a\ b"), (r"[^\] x] y", r"[^\] x]\s+y")],
)
def test_a_space_stands_for_any_white_space(source: str, widened: str) -> None:
    """Tools wrap their lines anywhere, and a pattern stays readable; a class and an escaped space stay as written."""
    assert widen_spaces(source) == widened
    assert compile_pattern("exceeded its quota").search(encode("exceeded\n  its quota"))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("(?=x)y", "lookaround"),
        (r"(a)\1", "RE2"),
        ("[a", "RE2"),
        ("a{2000}", "RE2"),
        ("x*", "empty"),
        ("(a|)", "empty"),
    ],
)
def test_what_re2_cannot_run_is_refused(source: str, words: str) -> None:
    """Lookaround, back-references, broken patterns and those that match everything say why."""
    with pytest.raises(PatternError, match=words):
        compile_pattern(source)


def test_hostile_text_takes_linear_time() -> None:
    """A pattern that backtracks for ever elsewhere answers within a second on the longest text."""
    begun = time.thread_time()
    assert not compile_pattern(r"x=((\d+,?)+)+!").search(encode("x=" + "1" * TEXT_LIMIT))
    assert time.thread_time() - begun < 1


def test_bold_and_code_marks_are_not_part_of_the_text() -> None:
    """A person sees no asterisks and backticks, and no tool sets them in the same places."""
    hit = compile_pattern(r"freshness anomaly on (?P<table>\S+)").search(encode("*Freshness anomaly* on `a.b`"))
    assert hit is not None
    assert hit.groups == {"table": "a.b"}


def test_text_is_bounded_and_broken_characters_do_not_stop_it() -> None:
    """Only the first 40,000 characters count, and a lone surrogate is no error."""
    assert compile_pattern("needle").search(encode("x" * TEXT_LIMIT + "needle")) is None
    assert compile_pattern("needle").search(encode("\ud83d needle"))


@pytest.mark.parametrize(
    ("source", "length"),
    [
        ("abc", 3),
        (r"abc\w+de", 3),
        (r"(?P<name>x)yz", 2),
        (r"cannot be resumed|quota", 17),
        (r"\bfoo\.bar\b", 7),
        (r"a\s+b\s+c", 5),
    ],
)
def test_fixed_text_is_the_longest_piece_that_a_pattern_spells_out(source: str, length: int) -> None:
    """Classes, groups and repetitions are not fixed; an escaped character and white space are."""
    assert fixed_text(source) == length
