"""The playbooks that ship: checked, cased and rendered with the real integrations' shapes."""

import importlib
import pkgutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from bot import integrations
from bot.alerts.alert import Alert
from bot.diagnostics.probe import Scope
from bot.flow.integration import Integration
from bot.playbooks.case_run import run_cases
from bot.playbooks.catalogue import Catalogue, ProbeShape, RemedyShape, build_catalogue
from bot.playbooks.collection import Playbooks
from bot.playbooks.load import load_playbooks
from bot.playbooks.match import Matcher
from bot.playbooks.overlay import lay_over
from bot.playbooks.schema import HEADER, SCHEMA_FILE, playbook_schema

FOLDER = Path(__file__).parents[1] / "playbooks"
SCOPE = Scope("case", datetime(2026, 11, 20, 6, 0, tzinfo=UTC))


def find_integrations() -> list[Integration[Any]]:
    """Every folder under integrations/."""
    names = [found.name for found in pkgutil.iter_modules(integrations.__path__) if found.ispkg]
    return [importlib.import_module(f"bot.integrations.{name}").INTEGRATION for name in names]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Every probe and remedy that the integrations bring."""
    found = find_integrations()
    return build_catalogue(
        [ProbeShape(p.name, p.summary, p.arguments, p.facts, p.typical, p.empty) for one in found for p in one.probes],
        [RemedyShape(r.name, r.summary, r.arguments) for one in found for r in one.remedies],
    )


@pytest.fixture(scope="module")
def playbooks(catalogue: Catalogue) -> Playbooks:
    """The shipped folder; this fails with every problem when a check does not pass."""
    return load_playbooks(FOLDER, catalogue)


def plan(remedy: str, arguments: Mapping[str, Any], state: Mapping[str, Any]) -> list[str]:
    """The commands that the real remedy plans on its typical state with these changes."""
    found = next(each for one in find_integrations() for each in one.remedies if each.name == remedy)
    given = TypeAdapter(found.arguments).validate_python(dict(arguments))
    return [command.text for command in found.plan(given, lay_over(found.typical, state), SCOPE).commands]


def test_every_case_of_every_playbook_holds(playbooks: Playbooks, catalogue: Catalogue) -> None:
    """The thread says what the cases say, and offers exactly those commands."""
    report = run_cases(FOLDER, playbooks, catalogue, plan)
    assert [str(problem) for problem in report.problems] == []
    assert report.ran >= 3 * len(playbooks)


def test_the_committed_schema_is_that_of_the_model() -> None:
    """Editors check what the bot checks; run bot.playbooks.schema.playbook_schema() anew when this fails."""
    assert (FOLDER / SCHEMA_FILE).read_text() == playbook_schema()


def test_every_playbook_is_one_page_and_points_at_the_schema(playbooks: Playbooks) -> None:
    """Somebody paged at 3 a.m. reads it: at most 100 lines, examples included."""
    for id in playbooks.by_id:
        lines = (FOLDER / f"{id}.yml").read_text().splitlines()
        assert lines[0] == HEADER
        assert len(lines) <= 100, id


def test_every_playbook_shows_enough_examples(playbooks: Playbooks) -> None:
    """At least three texts that match and two near misses."""
    for playbook in playbooks:
        matching = sum(example.match is not None for example in playbook.examples)
        assert matching >= 3, playbook.id
        assert len(playbook.examples) - matching >= 2, playbook.id


@pytest.mark.parametrize(
    "text",
    [
        "[RESOLVED] {}",
        "[P2] [Recovered] orders: {}",
        "Resolved #30551: {}",
        ":white_check_mark: {}",
        "✅ fixed: {}",
        "Acknowledged by Priya: {}",
        "planned maintenance tonight, you may see: {}",
        "this is a test of the webhook, please ignore: {}",
        "post-mortem of last week's incident ({})",
        "Pull request merged: handle {}",
        "what if we see {} again?",
    ],
)
def test_a_text_that_is_over_planned_or_talk_is_no_incident(playbooks: Playbooks, text: str) -> None:
    """Whatever error such a text quotes, no playbook answers it; without the words around it, its own does."""
    matcher = Matcher(playbooks, playbooks.shared)
    for playbook in playbooks:
        quoted = next(example.match for example in playbook.examples if example.match)
        assert matcher.match(Alert(quoted)) is not None
        assert matcher.match(Alert(text.format(quoted))) is None, (playbook.id, text)


def test_an_error_that_mentions_such_words_is_still_an_incident(playbooks: Playbooks) -> None:
    """The shared patterns look at the frame of a message, not for a word anywhere in an error's text."""
    matcher = Matcher(playbooks, playbooks.shared)
    for words in ("to ignore this error set x", "retry scheduled in 5 min", "could not be resolved", "status: error"):
        assert matcher.match(Alert(f"Warehouse 'LOADING_WH' is suspended\n{words}")) is not None, words
