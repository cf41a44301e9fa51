"""What failed in dbt's latest runs, and when it passed last."""

from typing import Any

import pytest

from bot.integrations.dbt.probes.run_results import LISTED, RunResults, RunResultsArguments, run_results_from
from bot.integrations.dbt.runs import run_from
from tests.integrations.dbt.builders import result, run

HOURS = ("2026-11-23T05:00:00Z", "2026-11-23T04:00:00Z", "2026-11-23T03:00:00Z")


def told(*statuses: dict[str, str], names: tuple[str, ...] = (), kind: Any = "") -> RunResults:
    """The facts of runs, newest first, each with its nodes' statuses by id."""
    runs = [
        run_from(run(*(result(key, status) for key, status in one.items()), at=at))
        for one, at in zip(statuses, HOURS, strict=False)
    ]
    return run_results_from(runs, RunResultsArguments(names, kind))


A, B, TEST = "model.shop.a", "model.shop.b", "test.shop.t.1"


@pytest.mark.parametrize(
    ("names", "kind", "name"),
    [
        ((), "", "b"),
        ((), "test", "t"),
        ((), "model", "b"),
        (("a",), "", "a"),
        (("gone", "t"), "", "t"),
        (("a", "t"), "", "a"),
        (("", "t"), "", "t"),
        (("t",), "model", ""),
        (("gone",), "", ""),
    ],
)
def test_the_first_name_that_is_known_decides(names: tuple[str, ...], kind: str, name: str) -> None:
    """Without a name, the first failure of that kind; a name that nobody knows is not another's failure."""
    assert told({A: "success", B: "error", TEST: "fail"}, names=names, kind=kind).name == name


@pytest.mark.parametrize(
    ("statuses", "status", "passed_since", "last_hour"),
    [
        (["error"], "error", False, None),
        (["success", "error"], "error", True, 5),
        (["error", "success"], "error", False, 4),
        (["error", "success", "error"], "error", False, 4),
        (["skipped", "error"], "error", False, None),
        (["warn"], "warn", False, None),
        (["success"], "success", False, 5),
    ],
)
def test_the_newest_failure_counts_and_whether_it_has_passed_since(
    statuses: list[str], status: str, passed_since: bool, last_hour: int | None
) -> None:
    """A warning is no success; without any failure the newest result is told."""
    found = told(*({A: one} for one in statuses), names=("a",))
    assert (found.status, found.passed_since) == (status, passed_since)
    assert (found.last_success_at.hour if found.last_success_at else None) == last_hour
    assert len(found.history) == len(statuses) - 1


def test_nothing_that_ever_ran_tells_nothing() -> None:
    """Runs without a node of that kind are not its runs."""
    assert told({A: "success"}, kind="test") == RunResults()
    assert told({}, {A: "success"}, kind="model").run_at is not None


def test_the_run_is_told_with_its_counts() -> None:
    """All that passed, warned and was skipped; failures of the kind alone."""
    found = told(
        {A: "success", B: "error", TEST: "fail", "test.shop.u.1": "warn", "model.shop.c": "skipped"}, kind="model"
    )
    assert (found.passed, found.warned, found.failed_count, found.skipped) == (1, 1, 1, ("c",))
    assert [one.name for one in found.failed] == ["b"]


def test_long_lists_are_cut_and_counted() -> None:
    """A source that is gone fails everything."""
    found = told({f"model.shop.m{number}": "error" for number in range(50)})
    assert (found.failed_count, len(found.failed)) == (50, LISTED)
