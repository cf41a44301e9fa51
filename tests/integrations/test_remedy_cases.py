"""State → exact commands: one YAML file a case, `<system>/<remedy>/<case>.yml`; `noop_*` plans nothing."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from bot.diagnostics.probe import Scope
from bot.errors import EntityError, RemedyRefused
from bot.integrations import airflow, postgres, snowflake, stripe
from bot.remediation.remedy import AnyRemedy, Draft

FOLDER = Path(__file__).parent
REMEDIES = {
    remedy.name: remedy
    for one in (airflow.INTEGRATION, postgres.INTEGRATION, snowflake.INTEGRATION, stripe.INTEGRATION)
    for remedy in one.remedies
}
CASES = sorted(path for name in REMEDIES for path in FOLDER.glob(f"*/{name}/*.yml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_state_gives_its_commands(path: Path, scope: Scope) -> None:
    """The plan holds exactly these commands, or is refused with these words."""
    case = yaml.safe_load(path.read_text())
    remedy = REMEDIES[path.parent.name]
    if "refused" in case:
        with pytest.raises((RemedyRefused, EntityError)) as refusal:
            draft(remedy, case, scope)
        assert case["refused"] in str(refusal.value)
        return
    planned = draft(remedy, case, scope)
    assert [command.text for command in planned.commands] == case["commands"], case["promise"]
    for part in ("blast_radius", "note", "undo", "target"):
        assert case.get(part, "") in getattr(planned, part)
    if path.stem.startswith("noop"):
        assert planned.commands == ()
        assert planned.note


@pytest.mark.parametrize("name", REMEDIES)
def test_every_remedy_can_do_nothing(name: str) -> None:
    """There is a case where nothing needs changing, and one where something does."""
    stems = [path.stem for path in CASES if path.parent.name == name]
    assert any(stem.startswith("noop") for stem in stems)
    assert any(not stem.startswith("noop") for stem in stems)


@pytest.mark.parametrize("name", REMEDIES)
def test_commands_carry_what_their_text_says(name: str, scope: Scope) -> None:
    """Text and arguments come from the same values; the arguments are JSON, for the digest covers them."""
    remedy = REMEDIES[name]
    first = next(path for path in CASES if path.parent.name == name and path.stem.startswith("typical"))
    for command in draft(remedy, yaml.safe_load(first.read_text()), scope).commands:
        named = next(iter(command.arguments.values()))
        assert str(named) in command.text
        assert TypeAdapter(dict[str, Any]).dump_json(dict(command.arguments))


def draft(remedy: AnyRemedy, case: Mapping[str, Any], scope: Scope) -> Draft:
    """Plan on the case's state: `typical` or `unchanged`, with the fields of `but` replaced."""
    state = getattr(remedy, case.get("state", "typical"))
    if "but" in case:
        adapter = TypeAdapter(remedy.state)
        fields = adapter.dump_python(state, mode="json") | case["but"]
        state = replace(state, **{f: getattr(adapter.validate_python(fields), f) for f in case["but"]})
    return remedy.plan(TypeAdapter(remedy.arguments).validate_python(case["arguments"]), state, scope)
