"""The parts that need no engine: names, texts, column names, monitors, grants, running statements, faults."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.column_names import projections
from bot.sandbox.warehouse.faults import Fault, Faults
from bot.sandbox.warehouse.grants import Grant, Grants, RoleGrant
from bot.sandbox.warehouse.identifiers import inline_identifiers
from bot.sandbox.warehouse.jobs import Job, Jobs
from bot.sandbox.warehouse.monitors import Monitor
from bot.sandbox.warehouse.names import qualify
from bot.sandbox.warehouse.texts import plain, query_type, split
from bot.sandbox.warehouse.warehouses import size_named

START = datetime(2026, 1, 31, tzinfo=UTC)


def test_split() -> None:
    """Semicolons in strings and comments split nothing; empty statements are none."""
    assert split("SELECT ';' /* ; */ ;; -- ;\n SELECT 2 ;") == ["SELECT ';' /* ; */", "-- ;\n SELECT 2"]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("/* a */ -- b\n SELECT 1", "SELECT"),
        ("create or replace transient table x as select 1", "CREATE_TABLE_AS_SELECT"),
        ("create table x (a int, b int) -- as select\n", "CREATE_TABLE"),
        ("create table x\nas (\n with a as (select 1) select * from a)", "CREATE_TABLE_AS_SELECT"),
        ("create view x as select 1", "CREATE_VIEW"),
        ("create table x as_select int", "CREATE_TABLE"),
        ("(select 1)", "SELECT"),
        ("-- nothing", "UNKNOWN"),
        ("ALTER RESOURCE MONITOR x SET CREDIT_QUOTA = 1", "ALTER_RESOURCE_MONITOR"),
        ("with a as (select 1) select * from a", "SELECT"),
        ("frobnicate", "UNKNOWN"),
    ],
)
def test_query_type(statement: str, kind: str) -> None:
    """History tells a statement's kind from its first words, after comments."""
    assert query_type(statement) == kind


def test_plain() -> None:
    """Comments and white space between words become one blank; strings stay."""
    assert plain("SHOW  /* x */ WAREHOUSES\n LIKE '--%'") == "SHOW WAREHOUSES LIKE '--%'"
    assert plain("/* x */ CALL SYSTEM$WAIT(1)") == "CALL SYSTEM$WAIT(1)"


def test_projections() -> None:
    """Only the outermost SELECT's columns are told, whatever they hold."""
    text = "WITH a AS (SELECT x, y FROM t) SELECT DISTINCT f(a, b), 'c,d', CASE WHEN 1 THEN 2 END FROM a, b"
    assert projections(text) == ["F(A, B)", "'C,D'", "CASE WHEN 1 THEN 2 END"]


def test_identifiers() -> None:
    """IDENTIFIER(?) takes its value out of the bindings, which are counted anew."""
    bound = {"1": {"value": "x"}, "2": {"value": "a.b"}, "3": {"value": 3}}
    text, left = inline_identifiers("SELECT ? FROM IDENTIFIER(?) WHERE y = ?", bound)
    assert text == "SELECT ? FROM a.b WHERE y = ?"
    assert left == {"1": {"value": "x"}, "2": {"value": 3}}


def test_qualify() -> None:
    """Names are completed from the session, upper case unless quoted."""
    assert qualify('t."x y"', 3, "D", "S") == "D.T.x y"
    with pytest.raises(errors.Refusal, match="current schema"):
        qualify("t", 3, "D", None)


@pytest.mark.parametrize(("used", "blocks", "cancels"), [(49.9, False, False), (50, True, False), (55, True, True)])
def test_monitor_thresholds(used: float, blocks: bool, cancels: bool) -> None:
    """A monitor blocks from its suspend threshold on and cancels from the immediate one on."""
    monitor = Monitor("M", 50, START, used=used)
    assert (monitor.blocks(), monitor.cancels()) == (blocks, cancels)


def test_monitor_without_limits() -> None:
    """A monitor that only notifies never blocks."""
    monitor = Monitor("M", 50, START, used=500, suspend_at=None, suspend_immediately_at=None)
    assert not monitor.blocks()


def test_monitor_period() -> None:
    """A monthly monitor counts from its latest monthly day to the next, by midnight UTC whenever it was made."""
    monitor = Monitor("M", 50, START.replace(hour=8))
    now = datetime(2026, 4, 2, tzinfo=UTC)
    assert monitor.period_start(now) == datetime(2026, 3, 28, tzinfo=UTC)
    assert monitor.period_end(now) == datetime(2026, 4, 28, tzinfo=UTC)


def test_inherited_privileges() -> None:
    """A role holds what the roles granted to it hold, and no more."""
    grants = Grants()
    for role in ("PUBLIC", "TOP", "LOW"):
        grants.create_role(role)
    grants.add_member(RoleGrant("LOW", "ROLE", "TOP"))
    grants.add_member(RoleGrant("TOP", "USER", "KIM"))
    grants.add(Grant("USAGE", "WAREHOUSE", "W", "LOW"))
    assert grants.holds("TOP", ("USAGE",), "WAREHOUSE", "W")
    assert not grants.holds("TOP", ("OPERATE",), "WAREHOUSE", "W")
    assert grants.may_use_role("KIM", "LOW")
    grants.drop_role("LOW")
    assert not grants.holds("TOP", ("USAGE",), "WAREHOUSE", "W")


def test_stop_before_the_engine_begins() -> None:
    """A statement stopped before it reaches the engine never does."""
    job = Job("q", None, 1, "KIM", 0)
    job.stop(errors.cancelled())
    job.stop(errors.timed_out(1))
    with pytest.raises(errors.Refusal, match="SQL execution canceled"), job.interruptible(lambda: None):
        pytest.fail("the engine was reached")


def test_stop_is_repeated_until_it_arrives() -> None:
    """An interrupt that was lost is sent again at the next tick, as long as the statement computes."""
    jobs, interrupts = Jobs(), []
    job = Job("q", None, 1, "KIM", 0)
    jobs.add(job)
    with job.interruptible(lambda: interrupts.append(1)):
        job.stop(errors.cancelled())
        jobs.expire()
    jobs.expire()
    assert len(interrupts) == 2


def test_past_its_time() -> None:
    """A statement is stopped with 000630 once its timeout is over, and not before."""
    jobs = Jobs()
    late, early = Job("a", None, 1, "KIM", 1, started=-1e9), Job("b", None, 1, "KIM", 60)
    for job in (late, early):
        jobs.add(job)
    jobs.expire()
    assert late.reason is not None
    assert (late.reason.code, early.reason) == ("000630", None)


def test_fault_meets_whom_it_names() -> None:
    """The longest hang that fits user, warehouse and text counts."""
    faults = Faults()
    faults.add(Fault(hang_s=2, user="KIM"))
    faults.add(Fault(hang_s=5, warehouse="W", contains="raw_"))
    assert faults.hang("KIM", "W", "SELECT 1") == 2
    assert faults.hang("KIM", "W", "SELECT * FROM RAW_ORDERS") == 5
    assert faults.hang("LEE", "V", "SELECT * FROM RAW_ORDERS") == 0


def test_sizes() -> None:
    """Every spelling of a size that ALTER takes."""
    assert [size_named(s) for s in ("XSMALL", "x-small", "X2LARGE", "XXLARGE", "big")] == [
        "X-Small",
        "X-Small",
        "2X-Large",
        "2X-Large",
        None,
    ]
