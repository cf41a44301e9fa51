"""The set finds exactly what a loop over its patterns finds, and time is bounded whatever the text is."""

import random
import re
import time

import pytest

from bot.playbooks.patterns import PatternSet
from bot.playbooks.signatures import PatternError, compile_pattern, encode

LETTERS = "abkKsS \n-0é\N{KELVIN SIGN}\N{LATIN SMALL LETTER LONG S}*`"
ATOMS = (
    *("a", "b", "k", "S", "ab", "kas", "Kab ", "-", " ", "é", r"\.", r"\w", r"\s", ".", "[ab]", "[^ab]", "[[:alpha:]]"),
    *(r"\d", r"\b", "^", "$", r"\pL", r"\x6b", "[^\\n]", "ss", "bak", "task", r"\A", r"\-", "(?i)", "(?s:.)", "]", "}"),
)
REPEATS = ("", "", "", "", "?", "*", "+", "{2}", "{0,2}", "{1,3}", "+?", "{0}")


def random_pattern(source: random.Random, depth: int = 2) -> str:
    """Atoms, groups, alternatives and repetitions as they come."""
    pieces = []
    for _ in range(source.randint(1, 5)):
        atom = source.choice(ATOMS)
        if depth and source.random() < 0.3:
            branches = [random_pattern(source, depth - 1) for _ in range(source.randint(1, 3))]
            atom = source.choice(("(", "(?:", "(?i:")) + "|".join(branches) + ")"
        pieces.append(atom + source.choice(REPEATS))
    return "".join(pieces)


def random_patterns(source: random.Random, count: int) -> list[str]:
    """Patterns that RE2 accepts."""
    accepted: list[str] = []
    while len(accepted) < count:
        pattern = random_pattern(source)
        try:
            compile_pattern(pattern)
        except PatternError:
            continue
        accepted.append(pattern)
    return accepted


@pytest.mark.parametrize("seed", range(40))
def test_the_set_finds_what_a_loop_finds(seed: int) -> None:
    """Random patterns on random texts, letters that fold into ASCII among them: same patterns, places and groups."""
    source = random.Random(seed)  # noqa: S311 # the same patterns on every run
    patterns = list(dict.fromkeys(random_patterns(source, 40)))
    found = PatternSet(patterns)
    for _ in range(60):
        pieces = source.choices([*LETTERS, "kas", "task", "bak", "Kab ", "ab", "ss"], k=source.randrange(1, 30))
        text = "".join(pieces)
        loop = {
            place: hit
            for place, pattern in enumerate(patterns)
            if (hit := compile_pattern(pattern).search(encode(text)))
        }
        assert found.scan(text).hits() == loop, (seed, text)


@pytest.mark.parametrize("seed", range(40))
def test_a_large_pattern_is_found_where_it_stands(seed: int) -> None:
    """A counted gap is first looked for without its count; place, length and groups are still those of the pattern."""
    source = random.Random(seed)  # noqa: S311 # the same patterns on every run
    gaps = ("[^\\n]{0,12}", "[a-z ]{2,10}?", "(?:x|yz){1,11}", "[[:digit:],}]{0,10}", r"\s*\S{1,13}\b", "{", r"\{1,99}")
    ends = ("ab", "(?P<near>kas)", "^task", "bak$", "(?P<far>\\w+)", "(?:ab|bak)", "")
    branches = ["".join(source.choice(ends[:-1]) + source.choice(gaps) for _ in range(2)) for _ in range(12)]
    pattern = compile_pattern("|".join(f"{each}{source.choice(ends)}" for each in [*branches, "never{200,400}"]))
    for _ in range(60):
        pieces = source.choices([*"abx yz1,}{\n", "kas", "task", "bak", "xxxxxxxxxx"], k=source.randrange(1, 30))
        text = encode("".join(pieces))
        expected, hit = pattern.regexp.search(text), pattern.search(text)
        assert (expected is None) == (hit is None), (seed, text)
        if hit is not None:
            assert (hit.start, hit.text) == (expected.start(), expected.group().decode()), (seed, text)
            named = {re.sub(r"__\d+$", "", name): value for name, value in expected.groupdict().items() if value}
            assert hit.groups == {name: value.decode() for name, value in named.items()}, (seed, text)


def test_a_pattern_without_fixed_text_is_named_and_still_found() -> None:
    """It costs a search in every alert, so whoever writes it can be told."""
    patterns = PatternSet(["quota exceeded", r"\d{3,}%", "quota exceeded"])
    assert patterns.unscreened == (r"\d{3,}%",)
    assert set(patterns.scan("QUOTA EXCEEDED at 101%").hits()) == {0, 1}


def test_only_patterns_whose_fixed_texts_are_all_there_are_candidates() -> None:
    """One word of a pattern is not enough to run it."""
    patterns = PatternSet([r"warehouse \w+ is (?:suspended|deleted)"])
    assert patterns.scan("warehouse etl is fine").candidates == set()
    assert patterns.scan("Warehouse etl is deleted").candidates == {0}
    assert PatternSet([]).scan("anything").hits() == {}


def test_a_pattern_that_cannot_run_is_refused() -> None:
    """The set never holds fewer patterns than it was given."""
    with pytest.raises(PatternError, match="lookaround"):
        PatternSet(["fine", "(?=x)y"])


def test_two_thousand_patterns_cost_little_more_than_twenty() -> None:
    """A loop would take a hundred times as long for a hundred times the patterns; this takes less than ten."""
    text = "\n".join(f"INFO job of table {number} done" for number in range(100))

    def seconds(count: int) -> float:
        patterns = PatternSet(rf"table of job{number}\b.*failed" for number in range(count))
        patterns.scan(text).hits()
        times = []
        for _ in range(20):
            begun = time.thread_time()
            patterns.scan(text).hits()
            times.append(time.thread_time() - begun)
        return min(times)

    assert seconds(2000) < 10 * seconds(20)
