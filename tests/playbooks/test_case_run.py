"""Cases say what the reader sees and which buttons there are, exactly."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.playbooks.case_run import run_cases
from bot.playbooks.catalogue import Catalogue
from bot.playbooks.load import load_playbooks

Write = Callable[..., Path]
CASES = """\
cases:
  - title: exhausted
    alert: Warehouse 'etl_wh' is suspended
    entities: {warehouse: ETL_WH}
    reads: {state: {warehouse: ETL_WH}, running: {}}
    findings:
      monitor: {used: 60.25, quota: 50}
    says: {1: "LOADING_MONITOR has used *60.25* of 50.", 2: [1 running, ANALYST_KIM | 1 h 30 min]}
    offers:
      raise: {remedy: snowflake.set_credit_quota, with: {monitor: LOADING_MONITOR, quota: 75}, commands: [SET 75]}
  - title: unread
    alert: Warehouse 'etl_wh' is suspended
    findings: {monitor: "failed: not connected", running: looking, state: empty}
    says: {1: could not read Snowflake resource monitors because not connected}
    offers: {}
"""


@pytest.fixture
def run(write: Write, catalogue: Catalogue) -> Callable[[str | None], list[str]]:
    """Runs these cases of the small playbook, and gives what was not as they say."""

    def plan(remedy: str, arguments: Mapping[str, Any], state: Mapping[str, Any]) -> list[str]:
        return [f"SET {arguments['quota']}{state.get('suffix', '')}"]

    def run_them(cases: str | None) -> list[str]:
        folder = write(suspended_warehouse__test=cases)
        report = run_cases(folder, load_playbooks(folder, catalogue), catalogue, plan)
        return [f"{problem.line}: {problem.message}" for problem in report.problems]

    return run_them


def test_good_cases_pass(run: Callable[[str | None], list[str]]) -> None:
    """Entities, arguments of probes, words, buttons and commands are as written."""
    assert run(CASES) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "'etl_wh' is suspended\n    entities",
            "x is fine\n    entities",
            "3: exhausted: this alert is answered by noth",
        ),
        ("entities: {warehouse: ETL_WH}", "entities: {warehouse: X}", "4: exhausted: `warehouse` is `ETL_WH`"),
        (
            "{state: {warehouse: ETL_WH}",
            "{state: {warehouse: X}",
            "5: exhausted: state is read with {'ware",
        ),
        ("*60.25* of 50", "*61* of 50", "8: exhausted: step 1 does not say “LOADING_MONITOR has used *61*"),
        ("[1 running, A", "[9 running, A", "8: exhausted: step 2 does not say “9 running”, but: 1 running."),
        ("2: [1 running", "9: [1 running", "8: exhausted: there is no step 9"),
        ("quota: 75}", "quota: 76}", "10: exhausted: the arguments are {'monitor': 'LOADING_MONITOR', 'quota': 75}"),
        ("[SET 75]", "[SET 76]", "10: exhausted: the commands are ['SET 75']"),
        (
            "commands: [SET 75]",
            "state: {suffix: '!'}, commands: [SET 75]",
            "the commands are ['SET 75!']",
        ),
        (
            "remedy: snowflake.set_credit_quota",
            "remedy: x.y",
            "10: exhausted: the remedy is snowflake.set_",
        ),
        ("{used: 60.25,", "{usd: 60.25,", "6: exhausted: Monitor has no `usd`; did you mean used?"),
        ("monitor: {used", "moniter: {used", "6: exhausted: there is no diagnostic `moniter`; did you mean monitor?"),
        ("running: looking", "running: lost", "13: unread: `lost` is none of empty, looking"),
        ('"failed: not connected"', "{}", "15: unread: `raise` is offered, with {"),
        ("    offers: {}\n", "    offers: {raise: {with: {}}}\n", "15: unread: `raise` is not offered"),
        ("    offers: {}\n", "", "11: `cases.1.offers` is missing"),
        ("title: unread", "titel: unread", "unknown key `titel` did you mean title?"),
    ],
)
def test_a_difference_is_told_at_its_line(
    run: Callable[[str | None], list[str]], old: str, new: str, told: str
) -> None:
    """Each thing that a case claims is compared, and what was really there is shown."""
    assert old in CASES
    found = run(CASES.replace(old, new, 1))
    assert any(told.removesuffix(" did you mean title?") in line for line in found), found


def test_a_stable_playbook_has_cases_for_every_remedy_and_one_without(
    run: Callable[[str | None], list[str]],
) -> None:
    """No file, no case that offers a remedy, or none that offers nothing: each is a problem."""
    assert run(None) == ["1: a stable playbook needs cases in this file"]
    first, second = CASES.removeprefix("cases:\n").split("  - title: unread")
    assert run(f"cases:\n{first}{first}") == ["1: one case should offer nothing"]
    unread = f"  - title: unread{second}"
    assert run(f"cases:\n{unread}{unread}") == ["1: no case offers `raise`"]


def test_without_a_planner_commands_are_not_compared(write: Write, catalogue: Catalogue) -> None:
    """Where no integration is at hand, everything else still is; the report counts what ran."""
    folder = write(suspended_warehouse__test=CASES.replace("[SET 75]", "[SET 76]"))
    report = run_cases(folder, load_playbooks(folder, catalogue), catalogue)
    assert (report.ran, report.problems) == (2, ())


def test_a_broken_case_file_is_one_problem(run: Callable[[str | None], list[str]]) -> None:
    """YAML errors have their line, and nothing else runs from that file."""
    assert run("cases: [")[0].startswith("1: is not YAML")
