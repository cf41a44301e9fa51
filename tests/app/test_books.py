"""What integrations bring, and a folder of playbooks as the commands and the bot get it."""

from pathlib import Path

import pytest

from bot.app.books import SystemClock, check_folder, describe, find_integrations, load_library, run_cases, show_live
from bot.errors import PlaybookError

PLATFORM = "name: Shop\nchannels: [data-alerts]\n"
BOOK = """\
title: Extraction of {{ table }} is blocked
severity: P1
status: draft
owner: data-platform
summary: A session holds a lock. The marts are late.
match: {any: ['extraction of (?P<table>[a-z_]+) timed out']}
entities: {table: {type: table}}
diagnostics: {locks: {probe: postgres.contention}}
steps:
  - {title: Who holds the lock?, show: [locks], text: "{{ locks.deadlocks }} deadlocks"}
examples: [{match: extraction of orders timed out}, {match: extraction of items timed out}, {ignore: all is well}]
"""

REMEDY = """\
remedies:
  resume: {remedy: snowflake.resume_warehouse, label: Resume, with: {warehouse: WH}, when: locks.deadlocks > 0}
"""
CASES = """\
cases:
  - title: it helps
    alert: extraction of orders timed out
    findings: {locks: {deadlocks: 2}}
    says: {1: 2 deadlocks}
    offers:
      resume:
        remedy: snowflake.resume_warehouse
        with: {warehouse: WH}
        commands: [%s]
        state: {warehouses: [{name: WH}]}
  - title: it is of no use
    alert: extraction of items timed out
    findings: {locks: {deadlocks: 0}}
    says: {1: 0 deadlocks}
    offers: {}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A platform and one playbook."""
    (tmp_path / "platform.yml").write_text(PLATFORM, encoding="utf-8")
    (tmp_path / "blocked.yml").write_text(BOOK, encoding="utf-8")
    return tmp_path


def test_every_folder_brings_its_integration() -> None:
    """Found by walking them; each name begins with its folder's, and its check is a probe of its own."""
    found = find_integrations()
    names = [one.name for one in found]
    assert names == sorted(names)
    assert {"airflow", "dbt", "postgres", "snowflake", "streamlit", "stripe"} <= set(names)
    for one in found:
        assert one.check in {probe.name for probe in one.probes}
        brought = [*(probe.name for probe in one.probes), *(remedy.name for remedy in one.remedies)]
        assert {name.partition(".")[0] for name in brought} == {one.name}
        assert len(brought) == len(set(brought))


def test_what_playbooks_may_name_does_not_ask_whether_it_is_connected() -> None:
    """A playbook is checked on a laptop that reaches none of the systems; derivations count as probes."""
    found = find_integrations()
    catalogue = describe(found)
    assert {probe.name for one in found for probe in one.probes} < set(catalogue.probes)
    assert "derived.staleness_cause" in catalogue.probes
    assert {remedy.name for one in found for remedy in one.remedies} == set(catalogue.remedies)


def test_the_clock_is_aware_and_utc() -> None:
    """Times of systems are compared with it."""
    now = SystemClock().now()
    assert now.utcoffset() is not None
    assert not now.utcoffset()


def test_a_good_folder_is_a_library_and_has_no_problem(folder: Path) -> None:
    """The number is of playbooks that were read."""
    assert load_library(folder).find("blocked").owner == "data-platform"
    assert check_folder(folder) == ((), (), 1)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("postgres.contention", "postgres.contentoin", "blocked.yml:8"),
        ("severity: P1", "severity: P9", "blocked.yml:2"),
        ("ignore: all is well", "ignore: extraction of orders timed out", "blocked.yml:11"),
    ],
    ids=["probe", "severity", "example"],
)
def test_a_problem_has_its_place_and_stops_the_library(folder: Path, old: str, new: str, problem: str) -> None:
    """`check` tells them all and raises nothing; whoever wants to work with it gets one error with all of them."""
    (folder / "blocked.yml").write_text(BOOK.replace(old, new), encoding="utf-8")
    problems, notes, _ = check_folder(folder)
    assert [str(one).partition(": ")[0].endswith(problem) for one in problems] == [True]
    assert notes == ()
    with pytest.raises(PlaybookError, match=problem):
        load_library(folder)


def test_a_costly_pattern_is_a_note_and_no_problem(folder: Path) -> None:
    """Only where there is no problem: what is wrong comes first."""
    costly = BOOK.replace("['extraction of", "['\\d\\w{2}\\d', 'extraction of")
    (folder / "blocked.yml").write_text(costly, encoding="utf-8")
    problems, notes, _ = check_folder(folder)
    assert problems == ()
    assert any("blocked.yml" in str(note) for note in notes)


@pytest.mark.parametrize("name", ["nowhere", "platform.yml"])
def test_what_is_no_folder_is_no_empty_folder(folder: Path, name: str) -> None:
    """A wrong path must not look like a folder without problems."""
    with pytest.raises(PlaybookError, match=r"nowhere:1: there is no such folder|platform\.yml:1: there is no such"):
        check_folder(folder / name)


@pytest.mark.parametrize(
    ("command", "is_right"),
    [("ALTER WAREHOUSE WH RESUME IF SUSPENDED", True), ("ALTER WAREHOUSE OTHER RESUME IF SUSPENDED", False)],
)
def test_cases_are_planned_by_the_real_remedies(folder: Path, command: str, is_right: bool) -> None:
    """The exact command on a typical state with the case's changes laid over it; nothing is read or run."""
    text = BOOK.replace('deadlocks"}', 'deadlocks", offer: [resume]}').replace("status: draft", "status: stable")
    (folder / "blocked.yml").write_text(text + REMEDY, encoding="utf-8")
    (folder / "blocked.test.yml").write_text(CASES % command, encoding="utf-8")
    problems, ran = run_cases(folder)
    assert ran == 2
    assert ["ALTER WAREHOUSE WH RESUME IF SUSPENDED" in str(one) for one in problems] == ([] if is_right else [True])


async def test_a_live_runbook_says_what_is_not_connected(folder: Path) -> None:
    """Every step is there, complete, with the reason; no setting is needed to read a runbook."""
    reply = await show_live(load_library(folder), "blocked", {"table": "orders"}, {})
    assert (reply.title, reply.is_complete) == ("Extraction of orders is blocked", True)
    assert ["not connected" in line for step in reply.steps for line in step.unread] == [True]
