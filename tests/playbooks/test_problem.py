"""A problem reads like a compiler's."""

import pytest

from bot.playbooks.problem import PlaybooksRefused, Problem, did_you_mean


def test_a_problem_is_a_place_a_message_and_a_hint() -> None:
    """Editors jump to `path:line:`; the hint stands under it, and only if there is one."""
    assert str(Problem("p.yml", 3, "no probe `x`", "did you mean y?")) == "p.yml:3: no probe `x`\n    did you mean y?"
    assert str(Problem("p.yml", 3, "odd")) == "p.yml:3: odd"


def test_a_refusal_tells_each_problem_once_in_order() -> None:
    """Sorted by file and line, without repetitions."""
    problems = [Problem("a.yml", line, "x") for line in range(9, 19)]
    refused = PlaybooksRefused([*reversed(problems), *problems])
    assert refused.problems == tuple(problems)
    assert str(refused).startswith("a.yml:9: x\na.yml:10: x\n")
    assert (refused.path, refused.line) == ("a.yml", 9)


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("lokcs", ["locks", "load"], "did you mean locks?"),
        ("p1", ["P1", "P2"], "did you mean P1?"),
        ("zzz", ["b", "a"], "known: a, b"),
        ("zzz", [f"name{n}" for n in range(50)], ""),
        ("zzz", [], ""),
    ],
)
def test_what_was_meant_is_the_closest_name_or_all_of_a_few(name: str, known: list[str], hint: str) -> None:
    """Close names in any case; else the whole list while it is short."""
    assert did_you_mean(name, known) == hint
