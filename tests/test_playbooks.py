"""The playbooks that ship: checked, cased and rendered with the real integrations' shapes."""

import importlib
import pkgutil
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from bot import integrations
from bot.alerts.alert import Alert
from bot.diagnostics.derivations import DERIVATIONS
from bot.diagnostics.probe import Scope
from bot.flow.integration import Integration
from bot.playbooks.case_run import run_cases
from bot.playbooks.catalogue import Catalogue, ProbeShape, RemedyShape, build_catalogue
from bot.playbooks.collection import Playbooks
from bot.playbooks.load import load_playbooks
from bot.playbooks.match import Matcher
from bot.playbooks.model import Status
from bot.playbooks.overlay import lay_over
from bot.playbooks.schema import HEADER, SCHEMA_FILE, playbook_schema, wordings_schema

FOLDER = Path(__file__).parents[1] / "playbooks"
SCOPE = Scope("case", datetime(2026, 11, 20, 6, 0, tzinfo=UTC))


def find_integrations() -> list[Integration[Any]]:
    """Every folder under integrations/."""
    names = [found.name for found in pkgutil.iter_modules(integrations.__path__) if found.ispkg]
    return [importlib.import_module(f"bot.integrations.{name}").INTEGRATION for name in names]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Every probe and remedy that the integrations bring, and what is worked out from their findings."""
    found = find_integrations()
    probes: list[Any] = [*DERIVATIONS, *(probe for one in found for probe in one.probes)]
    return build_catalogue(
        [ProbeShape(p.name, p.summary, p.arguments, p.facts, p.typical, p.empty) for p in probes],
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
    stable = [playbook for playbook in playbooks if playbook.status is Status.STABLE]
    assert report.ran >= 3 * len(stable)


def test_the_committed_schema_is_that_of_the_model() -> None:
    """Editors check what the bot checks; run bot.playbooks.schema's functions anew when this fails."""
    assert (FOLDER / SCHEMA_FILE).read_text() == playbook_schema()
    assert (FOLDER / "wordings" / SCHEMA_FILE).read_text() == wordings_schema()
    for path in (FOLDER / "wordings").glob("*.yml"):
        assert path.read_text().startswith(f"{HEADER}\n"), path


def test_every_playbook_is_one_page_and_points_at_the_schema(playbooks: Playbooks) -> None:
    """Somebody paged at 3 a.m. reads it: at most 80 lines, examples included, and no pattern longer than a line."""
    for id in playbooks.by_id:
        lines = (FOLDER / f"{id}.yml").read_text().splitlines()
        assert lines[0] == HEADER
        assert len(lines) <= 80, id
        patterns = takewhile(lambda line: line.startswith(" "), lines[lines.index("match:") + 1 :])
        assert max(map(len, patterns)) <= 120, id


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


@pytest.mark.parametrize(
    "text",
    [
        "Sentry: New issue\n{}",
        "Issue #4412 opened by Opsgenie? \n{}",
        "FYI this is failing now: {}",
        "{}\nSnooze for 1h | Acknowledge | Resolve | Close",
        "{}\nSilence for 2h · View dashboard · Edit alert rule",
        "{}\nState Change: OK -> ALARM",
        "{}\nMonitor created by Priya, runbook: https://confluence.acme.io/x, changelog of the deploy: none",
        "{}\nINFO - dbt deps completed successfully\nINFO - next step\n1 of 3 tasks succeeded, 2 failed",
        "{}\nto ignore this error set x, retry scheduled in 5 min, could not be resolved, status: error",
    ],
)
def test_the_frame_of_a_tool_silences_nothing(playbooks: Playbooks, text: str) -> None:
    """Buttons, links and log lines around an error say `resolve`, `silence`, `succeeded`: it is an incident still."""
    matcher = Matcher(playbooks, playbooks.shared)
    for playbook in playbooks:
        for quoted in (example.match for example in playbook.examples if example.match):
            match = matcher.match(Alert(text.format(quoted)))
            assert match is not None, quoted
            assert match.playbook is playbook


@pytest.mark.parametrize(
    ("id", "text"),
    [
        ("postgres_extraction_timeout", "FATAL: terminating connection due to administrator command"),
        (
            "postgres_extraction_timeout",
            'could not translate host name "pg-orders" to address: Name or service not known',
        ),
        ("postgres_extraction_timeout", "Error: connect ETIMEDOUT 10.3.4.5:5432\n    at TCPConnectWrap.afterConnect"),
        (
            "postgres_extraction_timeout",
            "ConnectionDoesNotExistError: connection was closed in the middle of operation",
        ),
        (
            "postgres_extraction_timeout",
            "Source pg_shop failed. State code: 08001; Message: The connection attempt failed.",
        ),
        ("postgres_extraction_timeout", "extract_postgres_orders failed with ConnectionTimeout"),
        (
            "postgres_extraction_timeout",
            "OperationalError: connection failed: server closed the connection unexpectedly",
        ),
        ("postgres_extraction_timeout", "is the read replica unreachable for anybody else? all extracts hang"),
        ("warehouse_suspended", "Resource monitor TRANSFORM_RM has reached 110 percent of its quota"),
        ("warehouse_suspended", "ProgrammingError: 090073 (22000): whatever it says this year"),
        ("warehouse_suspended", "Warehouse ETL_WH suspended by resource monitor ETL_RM"),
        ("warehouse_suspended", "all my models fail with: Warehouse 'BI_WH' is currently suspended"),
        ("stale_data", "Looker report still shows last week, is the load stuck?"),
        ("stale_data", "fct_orders is stale: newest row is 31 hours old"),
        ("stale_data", "Table shop.orders has not been refreshed since yesterday 06:00"),
        ("stale_data", "02:11:09  3 of 9 WARN freshness of shop.payments ............ [WARN in 1.02s]"),
        ("stale_data", "Data freshness SLA breached for marts.daily_sales"),
        ("stale_data", "yesterday's numbers are missing on the revenue dashboard"),
    ],
)
def test_wordings_of_other_tools_and_people_are_recognised(playbooks: Playbooks, id: str, text: str) -> None:
    """Signatures follow how drivers and tools put a fault, not the letter of one alert."""
    match = Matcher(playbooks, playbooks.shared).match(Alert(text))
    assert match is not None
    assert match.playbook.id == id


@pytest.mark.parametrize(
    "text",
    [
        "snowflake.connector.errors.OperationalError: 250003: Failed to execute request: connection timed out",
        "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out",
        "pymysql.err.OperationalError: (2013, 'Lost connection to MySQL server during query')",
        "redis.exceptions.TimeoutError: Timeout connecting to server",
        "we raised statement_timeout to 5 min on the replica",
        "Warehouse LOADING_WH resumed",
        "LOADING_WH   | SUSPENDED | X-Small",
        "AWS service quota exceeded for Lambda concurrent executions",
        "I finished the new revenue dashboard yesterday, have a look",
        "Removed a stale lock file and a stale branch",
        "NFS: stale file handle on worker-3",
        "dbt source freshness passed for all 12 sources",
        "dashboard deployed, all charts load",
    ],
)
def test_near_misses_are_left_alone(playbooks: Playbooks, text: str) -> None:
    """Other systems' timeouts, thresholds without suspension, and talk about dashboards get no answer."""
    assert Matcher(playbooks, playbooks.shared).matching(Alert(text)) == ()
