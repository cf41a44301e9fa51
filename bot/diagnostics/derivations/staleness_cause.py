"""derived.staleness_cause: which of the known causes it is that a dashboard shows old data."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.diagnostics.derivation import Derivation

UNDER_WAY = ("running", "queued")


@dataclass(frozen=True, slots=True)
class StalenessArguments:
    """Facts of airflow.todays_run, airflow.scheduler, snowflake.freshness, snowflake.warehouse (the reporting one) and
    streamlit.health; each may be missing, and the verdict then says less."""

    run: Any = None
    scheduler: Any = None
    fresh: Any = None
    reporting: Any = None
    dashboard: Any = None


@dataclass(frozen=True, slots=True)
class StalenessCause:
    """`kind` is the cause, `step` the runbook's group of it, `sentence` the verdict in plain words.

    - "did not run": paused, scheduler (it is ill), missing, under_way
    - "failed": failed, silent (it succeeded without new rows)
    - "reporting warehouse": warehouse (suspended, and does not resume by itself)
    - "dashboard": dashboard (it does not serve)
    - "cached": cached (Snowflake is current, the dashboard shows older rows)
    - "": none (nothing is stale), unknown (too little was read)

    `is_sure` is false where it follows only from what was *not* found. `shown` is the newest day that the dashboard
    says it shows. `also` holds further causes that were seen.
    """

    kind: str = "unknown"
    step: str = ""
    sentence: str = "Too little could be read to tell."
    is_sure: bool = False
    shown: datetime | None = None
    also: tuple[str, ...] = ()


def find_cause(arguments: StalenessArguments, now: datetime) -> StalenessCause:
    """The first cause in the order of the data's way: run, rows, warehouse, dashboard; the others under `also`."""
    found = [one for one in (_of_run(arguments), _of_warehouse(arguments), _of_dashboard(arguments)) if one is not None]
    if not found:
        return _without_cause(arguments)
    first = found[0]
    return StalenessCause(
        kind=first.kind,
        step=first.step,
        sentence=first.sentence,
        is_sure=first.is_sure,
        shown=getattr(arguments.dashboard, "newest", None),
        also=tuple(one.sentence for one in found[1:]),
    )


def _of_run(arguments: StalenessArguments) -> StalenessCause | None:
    """Why the marts are behind; None when they are not, or when nobody knows and the run is fine."""
    run, fresh = arguments.run, arguments.fresh
    is_current = fresh is not None and fresh.marts and not fresh.is_stale
    if run is None or is_current:
        return None
    if run.state in UNDER_WAY:
        return StalenessCause("under_way", "did not run", "Today's run is still under way.", is_sure=True)
    if not run.has_run:
        return _not_run(arguments)
    if run.state == "failed" or (run.state == "success" and fresh is not None and fresh.is_stale):
        return _ran_in_vain(run)
    return None


def _ran_in_vain(run: Any) -> StalenessCause:
    if run.state == "failed":
        tasks = ", ".join(run.failed_tasks)
        return StalenessCause("failed", "failed", f"Today's run failed{f': {tasks}' if tasks else ''}.", is_sure=True)
    skipped = ", ".join(run.skipped_tasks)
    words = f"Today's run succeeded, but skipped {skipped}." if skipped else "Today's run succeeded without new rows."
    return StalenessCause("silent", "failed", words, is_sure=True)


def _not_run(arguments: StalenessArguments) -> StalenessCause:
    scheduler = arguments.scheduler
    if arguments.run.is_paused:
        return StalenessCause("paused", "did not run", "The DAG is paused, so today's run never started.", is_sure=True)
    if scheduler is not None and not scheduler.is_healthy:
        words = "Airflow's scheduler is not healthy, so today's run never started."
        return StalenessCause("scheduler", "did not run", words, is_sure=True)
    return StalenessCause("missing", "did not run", "Today's run has not started.", is_sure=True)


def _of_warehouse(arguments: StalenessArguments) -> StalenessCause | None:
    reporting = arguments.reporting
    if reporting is None or not reporting.is_suspended or reporting.auto_resume:
        return None
    words = f"{reporting.name} is suspended and does not resume by itself, so the dashboard cannot read."
    return StalenessCause("warehouse", "reporting warehouse", words, is_sure=True)


def _of_dashboard(arguments: StalenessArguments) -> StalenessCause | None:
    dashboard, fresh = arguments.dashboard, arguments.fresh
    if dashboard is None:
        return None
    if not dashboard.is_healthy:
        return StalenessCause(
            "dashboard", "dashboard", f"The dashboard does not serve: {dashboard.problem}.", is_sure=True
        )
    known = fresh is not None and fresh.newest is not None and dashboard.newest is not None
    if known and dashboard.newest.date() < fresh.newest.date():
        words = (
            f"The dashboard shows rows up to {dashboard.newest:%d %b}, Snowflake has them up to {fresh.newest:%d %b}."
        )
        return StalenessCause("cached", "cached", words, is_sure=True)
    return None


def _without_cause(arguments: StalenessArguments) -> StalenessCause:
    """Nothing was found: then it is the cache, if Snowflake is known to be current and the dashboard cannot say."""
    fresh, dashboard = arguments.fresh, arguments.dashboard
    if fresh is None or not fresh.marts:
        return StalenessCause(shown=getattr(dashboard, "newest", None))
    if fresh.is_stale:
        words = (
            "Snowflake is behind, and Airflow could not say why." if arguments.run is None else "Snowflake is behind."
        )
        return StalenessCause("unknown", "", words, shown=getattr(dashboard, "newest", None))
    if dashboard is not None and dashboard.newest is not None:
        words = "Snowflake is current, and the dashboard shows its newest day."
        return StalenessCause("none", "", words, is_sure=True, shown=dashboard.newest)
    words = "Snowflake is current, so what still looks old is a cached query of the dashboard."
    return StalenessCause("cached", "cached", words)


STALENESS_CAUSE: Derivation[StalenessArguments, StalenessCause] = Derivation(
    name="derived.staleness_cause",
    summary="Why data is old: the run did not start, failed or brought nothing, a cached query, a suspended warehouse.",
    arguments=StalenessArguments,
    facts=StalenessCause,
    derive=find_cause,
    typical=StalenessCause(
        kind="paused",
        step="did not run",
        sentence="The DAG is paused, so today's run never started.",
        is_sure=True,
        shown=datetime(2026, 11, 21, tzinfo=UTC),
    ),
    empty=StalenessCause(),
)
