"""Somebody who asks why an alert got its playbook is told what was found, what was taken back, and the rule."""

from collections.abc import Callable

import pytest

from bot.alerts.alert import Alert
from bot.playbooks.explanation import Winner, why
from bot.playbooks.match import Matcher
from bot.playbooks.model import Playbook, Signature
from bot.playbooks.shared import Shared

SHARED = Shared(none=(r"\A\[resolved\]",), systems={"snowflake": ("snowflake",), "postgres": ("postgres", "5432")})
Variant = Callable[..., Playbook]


@pytest.fixture
def variant(playbook: Playbook) -> Variant:
    """Builds playbooks that differ in id and signature."""

    def build(id: str, **signature: object) -> Playbook:
        return playbook.model_copy(update={"id": id, "match": Signature.model_validate(signature)})

    return build


@pytest.fixture
def matcher(variant: Variant) -> Matcher:
    """A cause, a closer cause, a symptom that must not be PostgreSQL's, and one that must be Snowflake's."""
    return Matcher(
        [
            variant("quota", any=["quota"], none=["trial"]),
            variant("monitor", any=["quota exceeded", "monitor"]),
            variant("slow", any=["timeout"], not_from=["postgres"], level="symptom"),
            variant("asleep", any=["timeout"], about=["snowflake"], level="symptom"),
        ],
        SHARED,
    )


def test_the_winner_is_told_with_the_point_that_decided(matcher: Matcher) -> None:
    """Every pattern that was found stands with its words and place; the ranking says why each beats the next."""
    explanation = matcher.explain(Alert("Monitor: QUOTA exceeded, then a timeout"))
    assert explanation.verdict == (
        "monitor answers: it beats quota because its pattern demands 14 characters of fixed text, "
        "the other 5 (`quota exceeded`)"
    )
    lines = list(explanation.lines())
    assert "  found “QUOTA exceeded” at byte 9: `quota exceeded`" in lines
    assert "2. quota beats slow: a cause is more specific than a symptom" in lines
    assert [each.playbook for each in explanation.ranking] == list(
        matcher.matching(Alert("monitor quota exceeded timeout"))
    )


def test_what_was_taken_back_names_what_took_it(matcher: Matcher) -> None:
    """A `none` and a system quote their words; a missing system is named."""
    explanation = matcher.explain(Alert("trial quota; timeout at 10.0.0.1:5432"))
    told = "\n".join(explanation.lines())
    assert explanation.verdict == "silence: asleep, quota, slow recognised this text and were taken back"
    assert "taken back by none: “trial”: `trial`" in told
    assert "taken back by not_from postgres: “5432”: `5432`" in told
    assert "taken back: it is about snowflake, and the text names none" in told


def test_silence_for_all_is_told_with_its_words(matcher: Matcher) -> None:
    """A recovery that quotes an error is silent because of shared.yml, and says so."""
    explanation = matcher.explain(Alert("[Resolved] quota exceeded"))
    assert explanation.verdict.startswith("silence: “[Resolved]” is no incident for any playbook")
    assert matcher.explain(Alert("hello")).verdict == "silence: no pattern of any playbook is found in this text"


def test_the_same_for_programs_and_for_terminals(matcher: Matcher) -> None:
    """The object holds what the lines say; control characters of an alert reach no terminal."""
    explanation = matcher.explain(Alert("quota\x1b[31m trial timeout"))
    told = explanation.as_json()
    assert told["verdict"] == explanation.verdict == "slow answers: no other playbook is left"
    assert told["taken_back"]["quota"] == [{"by": "none", "pattern": "trial", "text": "trial", "byte": 11}]
    assert told["ranking"] == [{"playbook": "slow", "level": "symptom", "fixed_text": 7, "patterns": 1}]
    assert "\x1b" not in "".join(explanation.lines())


@pytest.mark.parametrize(
    ("worse", "words"),
    [
        (Winner("b", "wrapper", 9, "x", 9), "a cause is more specific than a wrapper"),
        (Winner("b", "cause", 5, "x", 9), "its pattern demands 7 characters of fixed text, the other 5"),
        (Winner("b", "cause", 7, "x", 1), "2 of its patterns are found, and 1 of the other"),
        (Winner("b", "cause", 7, "x", 2), "both are equally specific, and its id comes first"),
    ],
)
def test_the_rule_is_told_by_its_first_difference(worse: Winner, words: str) -> None:
    """Level, fixed text, number of patterns, id: in this order."""
    assert why(Winner("a", "cause", 7, "x", 2), worse).startswith(words)
