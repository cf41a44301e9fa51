"""What playbooks may name: the probes and remedies of the integrations, as shapes without anything that runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ProbeShape:
    """A probe as a playbook sees it: its dataclasses, and facts as they look with something and with nothing to see."""

    name: str
    summary: str
    arguments: type[Any]
    facts: type[Any]
    typical: Any
    empty: Any


@dataclass(frozen=True, slots=True)
class RemedyShape:
    """A remedy as a playbook sees it."""

    name: str
    summary: str
    arguments: type[Any]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every probe and remedy there is, by name, whether its system is connected or not."""

    probes: Mapping[str, ProbeShape] = field(default_factory=dict)
    remedies: Mapping[str, RemedyShape] = field(default_factory=dict)


def build_catalogue(probes: Iterable[ProbeShape], remedies: Iterable[RemedyShape]) -> Catalogue:
    """A catalogue of these shapes; ValueError when a name is taken twice."""
    all_probes, all_remedies = tuple(probes), tuple(remedies)
    by_name = {probe.name: probe for probe in all_probes}
    remedies_by_name = {remedy.name: remedy for remedy in all_remedies}
    if len(by_name) != len(all_probes) or len(remedies_by_name) != len(all_remedies):
        raise ValueError("two probes or two remedies have the same name")
    return Catalogue(by_name, remedies_by_name)
