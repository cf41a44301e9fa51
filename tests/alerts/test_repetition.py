"""The same words in two renderings count as the same."""

import pytest

from bot.alerts.repetition import holds, squashed, without


@pytest.mark.parametrize(
    "rendering", ["*Task* failed", "`task`  FAILED", "> Task failed", "• Task\tfailed", "Task-failed"]
)
def test_marks_spaces_and_case_do_not_count(rendering: str) -> None:
    """Bold, code, quotes, bullets, spaces and case are decoration."""
    assert squashed(rendering) == squashed("Task failed")


def test_only_lines_that_are_said_go() -> None:
    """Each line is judged on its own; blank lines between kept ones stay."""
    assert without("a title\n\nnew words\nsaid", ["*said* and a *title*: a title"]) == "new words"
    assert without("one\n\ntwo", ["three"]) == "one\n\ntwo"
    assert without("said", ["said"]) == ""
    assert without("kept", []) == "kept"


def test_text_holds_blocks_only_when_it_says_every_line() -> None:
    """One line more in the blocks and the text may not stand for them."""
    assert holds("Task failed in orders", ["*Task* failed", "orders"])
    assert not holds("Task failed", ["Task failed", "orders"])
    assert not holds("", ["x"])


def test_very_many_lines_are_not_compared() -> None:
    """A hostile message of thousands of lines is kept as it is instead of being searched line by line."""
    text = "said\n" * 2_000
    assert without(text, ["said"]) == text.strip("\n")
