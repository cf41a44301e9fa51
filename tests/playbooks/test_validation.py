"""What pydantic refuses is told in the file's own words."""

import pytest

from bot.playbooks.document import parse_document
from bot.playbooks.model import Playbook
from bot.playbooks.platform import Platform
from bot.playbooks.validation import validate


def told(text: str, source: str) -> list[str]:
    """Problems of a playbook's text with one part changed."""
    _, problems = validate(Playbook, parse_document(text.replace(*source.split(" => ")), "p.yml"), id="p")
    return [f"{problem.line}: {problem.message} {problem.hint}".strip() for problem in problems]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("owner: data => ownr: data", "5: unknown key `ownr` did you mean owner?"),
        ("label: Raise => labl: Raise", "29: unknown key `labl` did you mean label?"),
        ("type: number, min => type: number, minimum", "31: unknown key `minimum` did you mean min?"),
        ("approve => approve", ""),
        ("severity: P1 => severity: p1", "2: `severity`: input should be 'P1', 'P2', 'P3' or 'P4' did you mean P1?"),
        ("  - ignore: the warehouse is big => ", "34: `examples`: tuple should have at least 3 items"),
        ("match: the warehouse => ignore: the warehouse", "1: `the file`: `examples` needs at least two texts"),
        ("ignore: the warehouse is big => match: the warehouse", "1: `the file`: `examples` needs at least two"),
        ("ignore: the => {ignore: x, match: y} # ", "`examples.2`: an example holds either `match` or `ignore`"),
    ],
)
def test_a_refusal_names_key_line_and_cure(text: str, change: str, message: str) -> None:
    """Unknown and missing keys at any depth, wrong words and unmet rules, each on its line."""
    found = told(text, change)
    assert (not found) if not message else any(message in line for line in found), found


def test_a_missing_key_is_named_with_its_path(text: str) -> None:
    """`owner` and the label of a remedy are missing where they should stand."""
    assert told(text, "owner: data\n => ") == ["1: `owner` is missing"]
    assert told(text, "    label: Raise {{ monitor.name }}\n => ") == ["27: `remedies.raise.label` is missing"]


def test_a_model_without_an_id_is_validated_alike() -> None:
    """platform.yml goes the same road."""
    platform, problems = validate(
        Platform, parse_document("name: x\nchannels: []\npeople: {oncal: {}}\n", "platform.yml")
    )
    assert platform is None
    assert [(problem.line, problem.hint) for problem in problems] == [(2, ""), (3, "did you mean oncall?")]
