"""Stages 5 and 6: the values that a playbook's templates may use: entities, `platform`, `now` and what was read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.errors import EntityError, UnknownName
from bot.playbooks.entities import normalise_entity
from bot.playbooks.model import Playbook
from bot.playbooks.platform import Platform
from bot.playbooks.reply import Reading
from bot.playbooks.templates import TextError, render_plain

RESERVED = frozenset({"platform", "now", "result", "loop"})


def given_entities(playbook: Playbook, values: Mapping[str, str]) -> dict[str, str]:
    """Values that a person typed (`name=value`), validated as an alert's are; UnknownName or EntityError otherwise."""
    entities = {}
    for name, value in values.items():
        if name not in playbook.entities:
            raise UnknownName("entity", name, playbook.entities)
        entities[name] = normalise_entity(playbook.entities[name].type, value)
    return entities


def complete_entities(playbook: Playbook, entities: Mapping[str, str], platform: Platform) -> dict[str, str]:
    """Every entity of the playbook: as given, else its default, else "" (see `resolve_arguments`)."""
    names = {"platform": platform.names()}
    complete = {}
    for name, rule in playbook.entities.items():
        value = entities.get(name, "")
        if not value and rule.default:
            value = _default(rule.default, names)
            value = normalise_entity(rule.type, value) if value else ""
        complete[name] = value
    return complete


def _default(source: str, names: Mapping[str, Any]) -> str:
    try:
        return render_plain(source, names)
    except TextError as error:
        raise EntityError(f"the default `{source}` cannot be told: {error}") from error


def collect_values(
    playbook: Playbook,
    entities: Mapping[str, str],
    readings: Mapping[str, Reading],
    platform: Platform,
    now: datetime | None = None,
) -> dict[str, Any]:
    """What templates may name. A finding that was not read is not among them, so that naming it is an error."""
    values: dict[str, Any] = dict(complete_entities(playbook, entities, platform))
    values["platform"] = platform.names()
    if now is not None:
        values["now"] = now
    for key in playbook.diagnostics:
        if key in readings and readings[key].reason is None:
            values[key] = readings[key].facts
    return values
