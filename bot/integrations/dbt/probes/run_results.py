"""dbt.run_results: what failed in dbt's latest runs, and when did it pass last?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.dbt.client import ArtifactsClient
from bot.integrations.dbt.runs import PASSED, Result, Run

LISTED = 20


@dataclass(frozen=True, slots=True)
class RunResultsArguments:
    """`names`: nodes as an alert may name them, the first that is known decides; "" counts for nothing.

    Without a known name the first failed node of `kind` is told. "test" are tests, "model" all that dbt builds.
    """

    names: tuple[str, ...] = ()
    kind: Literal["", "test", "model"] = ""


@dataclass(frozen=True, slots=True)
class FailedNode:
    """A node that dbt failed on, or a past result of one. `message` as dbt gives it, without secrets."""

    name: str
    unique_id: str
    status: str
    message: str = ""
    failures: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RunResults:
    """One node's newest failure (else its newest result), flat, and the run of dbt that it belongs to.

    `name` is "" when nothing of that name has a result and nothing failed. `passed_since` is true when a later run
    passed it; `last_success_at` is None when no kept result says so. `skipped` are the nodes left out because of it,
    `lines` those of its compiled SQL that the error is about.
    """

    name: str = ""
    unique_id: str = ""
    kind: str = ""
    status: str = ""
    is_failed: bool = False
    message: str = ""
    failures: int | None = None
    at: datetime | None = None
    query_id: str = ""
    lines: tuple[str, ...] = ()
    passed_since: bool = False
    last_success_at: datetime | None = None
    history: tuple[FailedNode, ...] = ()
    command: str = ""
    run_at: datetime | None = None
    dbt_version: str = ""
    passed: int = 0
    warned: int = 0
    failed_count: int = 0
    failed: tuple[FailedNode, ...] = ()
    skipped: tuple[str, ...] = ()


def read_run_results(client: ArtifactsClient, arguments: RunResultsArguments, scope: Scope) -> RunResults:
    """The latest runs whose artifacts lie there; NotFound when there are none."""
    return run_results_from(client.runs(scope), arguments)


def run_results_from(runs: Sequence[Run], arguments: RunResultsArguments) -> RunResults:
    """Facts from runs, newest first."""
    chosen = _choose(runs, arguments)
    if chosen is None:
        return _empty_of(runs, arguments)
    run, result = chosen
    past = [(one, found) for one in runs if (found := one.find(result.unique_id))]
    successes = [_ended(one, found) for one, found in past if found.status in PASSED]
    last = max(successes, default=None)
    return replace(
        _of_run(run, arguments),
        name=result.name,
        unique_id=result.unique_id,
        kind=result.kind,
        status=result.status,
        is_failed=result.is_bad,
        message=result.message,
        failures=result.failures,
        at=_ended(run, result),
        query_id=result.query_id,
        lines=result.lines,
        passed_since=result.is_bad and last is not None and last > _ended(run, result),
        last_success_at=last,
        history=tuple(_node(one, found) for one, found in past if found is not result)[:LISTED],
    )


def _choose(runs: Sequence[Run], arguments: RunResultsArguments) -> tuple[Run, Result] | None:
    """The newest failure of the first name that any run knows; without a name the newest failure of that kind."""
    names = [name for name in arguments.names if name]
    for name in names:
        found = [(run, result) for run in runs if (result := run.find(name)) and _is_of(result, arguments)]
        if found:
            return next(((run, result) for run, result in found if result.is_bad), found[0])
    if names:
        return None
    bad = ((run, result) for run in runs for result in run.results if result.is_bad and _is_of(result, arguments))
    return next(bad, None)


def _is_of(result: Result, arguments: RunResultsArguments) -> bool:
    return not arguments.kind or result.is_test == (arguments.kind == "test")


def _empty_of(runs: Sequence[Run], arguments: RunResultsArguments) -> RunResults:
    """No node to tell of: the newest run of that kind all the same."""
    ran = [run for run in runs if any(_is_of(result, arguments) for result in run.results)]
    return _of_run(ran[0], arguments) if ran else RunResults()


def _of_run(run: Run, arguments: RunResultsArguments) -> RunResults:
    bad = [result for result in run.results if result.is_bad and _is_of(result, arguments)]
    return RunResults(
        command=run.command,
        run_at=run.generated_at,
        dbt_version=run.dbt_version,
        passed=sum(result.status in PASSED for result in run.results),
        warned=sum(result.status == "warn" for result in run.results),
        failed_count=len(bad),
        failed=tuple(_node(run, result) for result in bad[:LISTED]),
        skipped=tuple(result.name for result in run.results if result.status == "skipped")[:LISTED],
    )


def _node(run: Run, result: Result) -> FailedNode:
    at = _ended(run, result)
    return FailedNode(result.name, result.unique_id, result.status, result.message, result.failures, at)


def _ended(run: Run, result: Result) -> datetime:
    return result.ended_at or run.generated_at


_TEST = FailedNode(
    name="unique_stg_customers_customer_id",
    unique_id="test.ecommerce.unique_stg_customers_customer_id.c7614daada",
    status="fail",
    message="Got 12 results, configured to fail if != 0",
    failures=12,
    at=datetime(2026, 11, 23, 5, 2, 10, tzinfo=UTC),
)
RUN_RESULTS: Probe[ArtifactsClient, RunResultsArguments, RunResults] = Probe(
    name="dbt.run_results",
    summary="The failed test or model of dbt's latest runs: its message, its past, and what was skipped because of it.",
    arguments=RunResultsArguments,
    facts=RunResults,
    read=read_run_results,
    typical=RunResults(
        name=_TEST.name,
        unique_id=_TEST.unique_id,
        kind="test",
        status=_TEST.status,
        is_failed=True,
        message=_TEST.message,
        failures=12,
        at=_TEST.at,
        query_id="48deddba-688b-418a-9123-aaf05a86b203",
        lines=("7: currency,",),
        last_success_at=datetime(2026, 11, 22, 5, 2, 8, tzinfo=UTC),
        history=(FailedNode(_TEST.name, _TEST.unique_id, "pass", at=datetime(2026, 11, 22, 5, 2, 8, tzinfo=UTC)),),
        command="test",
        run_at=datetime(2026, 11, 23, 5, 2, 11, tzinfo=UTC),
        dbt_version="1.11.16",
        passed=11,
        failed_count=1,
        failed=(_TEST,),
        skipped=("dim_customers",),
    ),
    empty=RunResults(),
    deadline_s=10.0,
)
