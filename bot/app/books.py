"""The integrations that there are, and the playbooks that may name what they bring."""

import importlib
import pkgutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot import integrations
from bot.diagnostics.derivations import DERIVATIONS
from bot.diagnostics.probe import Scope
from bot.errors import PlaybookError
from bot.flow.diagnose_incident import diagnose
from bot.flow.integration import Integration
from bot.flow.library import Library
from bot.integrations.connected import ConnectedSystems
from bot.playbooks import case_run as cases
from bot.playbooks.catalogue import Catalogue, ProbeShape, RemedyShape, build_catalogue
from bot.playbooks.check import CHECKED_AT
from bot.playbooks.costs import note_costly_patterns
from bot.playbooks.load import load_playbooks, survey_folder
from bot.playbooks.overlay import lay_over
from bot.playbooks.problem import Problem
from bot.playbooks.reply import Reply
from bot.settings import default_playbooks


class SystemClock:
    """The `Clock` port."""

    def now(self) -> datetime:
        """UTC, aware."""
        return datetime.now(UTC)


def find_integrations() -> tuple[Integration[Any], ...]:
    """Every folder under integrations/ brings its INTEGRATION."""
    folders = [found.name for found in pkgutil.iter_modules(integrations.__path__) if found.ispkg]
    modules = [importlib.import_module(f"{integrations.__name__}.{name}") for name in sorted(folders)]
    return tuple(module.INTEGRATION for module in modules)


def describe(found: tuple[Integration[Any], ...]) -> Catalogue:
    """What playbooks may name, whether it is connected or not."""
    probes: list[Any] = [*DERIVATIONS, *(probe for one in found for probe in one.probes)]
    remedies = [remedy for one in found for remedy in one.remedies]
    return build_catalogue(
        [ProbeShape(p.name, p.summary, p.arguments, p.facts, p.typical, p.empty) for p in probes],
        [RemedyShape(r.name, r.summary, r.arguments) for r in remedies],
    )


def load_library(folder: Path | None) -> Library:
    """The playbooks of a folder (the default one without it), every check passed; PlaybookError says what is wrong."""
    return Library(*survey_folder(folder or default_playbooks(), describe(find_integrations())).usable())


def check_folder(folder: Path | None) -> tuple[tuple[Problem, ...], tuple[Problem, ...], int]:
    """Every problem of a folder of playbooks, what is only worth a note, and how many playbooks were read."""
    folder = folder or default_playbooks()
    if not folder.is_dir():
        raise PlaybookError("there is no such folder of playbooks", path=str(folder), line=1)
    survey = survey_folder(folder, describe(find_integrations()))
    notes = note_costly_patterns(folder, survey.playbooks) if survey.playbooks and not survey.problems else ()
    return survey.problems, tuple(notes), len(survey.playbooks) if survey.playbooks else 0


async def show_live(
    library: Library, playbook: str, entities: Mapping[str, str], environment: Mapping[str, str]
) -> Reply:
    """A runbook with what is true right now, without Slack or a store."""
    clock = SystemClock()
    systems = ConnectedSystems(find_integrations(), environment)
    seen: Mapping[str, Any] = {}
    try:
        async for findings in diagnose(playbook, entities, "terminal", library, systems, clock):
            seen = findings
    finally:
        systems.close()
    return library.render(playbook, entities, seen, clock.now())


def run_cases(folder: Path | None) -> tuple[tuple[Problem, ...], int]:
    """Run the cases of every playbook, planned by the real remedies; what failed, and how many ran.

    PlaybookError when the playbooks themselves cannot be loaded.
    """
    folder = folder or default_playbooks()
    found = find_integrations()
    catalogue = describe(found)
    report = cases.run_cases(folder, load_playbooks(folder, catalogue), catalogue, _planner(found))
    return report.problems, report.ran


def _planner(found: tuple[Integration[Any], ...]) -> cases.Planner:
    """Plans on a remedy's typical state with a case's changes laid over it; nothing is read or run."""
    remedies = {remedy.name: remedy for one in found for remedy in one.remedies}

    def plan(name: str, arguments: Mapping[str, Any], state: Mapping[str, Any]) -> list[str]:
        remedy = remedies[name]
        typed = TypeAdapter(remedy.arguments).validate_python(dict(arguments))
        draft = remedy.plan(typed, lay_over(remedy.typical, state), Scope("case", CHECKED_AT))
        return [command.text for command in draft.commands]

    return plan
