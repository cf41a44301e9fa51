"""What templates may name."""

from typing import Any

import pytest

from bot.errors import EntityError, UnknownName
from bot.playbooks.model import Playbook
from bot.playbooks.platform import Platform
from bot.playbooks.values import collect_values, complete_entities, given_entities


def test_values_that_a_person_types_are_validated_as_an_alerts_are(playbook: Playbook) -> None:
    """`runbook show ID name=value` passes the same gate; a wrong name is told with what it may have meant."""
    assert given_entities(playbook, {"warehouse": "etl_wh"}) == {"warehouse": "ETL_WH"}
    with pytest.raises(EntityError, match="snowflake identifier"):
        given_entities(playbook, {"warehouse": "x; drop"})
    with pytest.raises(UnknownName, match="Did you mean warehouse"):
        given_entities(playbook, {"warehose": "ETL_WH"})


def test_an_entity_is_as_given_or_its_default_or_empty(playbook: Playbook, platform: Platform) -> None:
    """A default may name the platform's own; without one, the entity is empty."""
    assert complete_entities(playbook, {"warehouse": "X"}, platform) == {"warehouse": "X"}
    assert complete_entities(playbook, {}, platform) == {"warehouse": "LOADING_WH"}
    bare = playbook.model_dump(by_alias=True) | {"entities": {"warehouse": {"type": "warehouse"}}}
    assert complete_entities(Playbook.model_validate(bare), {}, platform) == {"warehouse": ""}


def test_a_default_passes_the_same_gate(playbook: Playbook, platform: Platform) -> None:
    """A default that its type does not allow, or that names nothing, is an EntityError."""
    for default in ("two words", "{{ platform.nothing }}"):
        odd = playbook.model_dump(by_alias=True) | {
            "entities": {"warehouse": {"type": "warehouse", "default": default}}
        }
        with pytest.raises(EntityError):
            complete_entities(Playbook.model_validate(odd), {}, platform)


def test_only_what_was_read_has_a_value(
    playbook: Playbook, platform: Platform, all_read: dict[str, Any], read: Any
) -> None:
    """A failed finding is not a name, so that whatever mentions it is an error; foreign readings are left out."""
    readings = all_read | {"running": read(reason="no"), "foreign": read(facts=1)}
    values = collect_values(playbook, {}, readings, platform)
    assert values.keys() == {"warehouse", "platform", "state", "monitor"}
    assert values["platform"]["warehouses"] == {"loading": "LOADING_WH"}
