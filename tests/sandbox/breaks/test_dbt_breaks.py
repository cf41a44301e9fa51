"""Breaks `duplicate-customers` and `grant-missing`, on the real warehouse; Airflow is told to run, not run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.sandbox.breaks import duplicate_customers, grant_missing
from bot.sandbox.breaks.running import Running
from bot.sandbox.platform import start_platform

pytestmark = pytest.mark.sandbox


@dataclass
class Airflow:
    """Runs that are asked for and removed."""

    under_way: list[dict[str, Any]] = field(default_factory=list)

    def runs(self, **_: Any) -> list[dict[str, Any]]:
        return list(self.under_way)

    def pause(self, paused: bool) -> None:
        assert not paused

    def trigger(self, run_id: str, _note: str) -> bool:
        self.under_way.append({"dag_run_id": run_id, "state": "running"})
        return True

    def remove_run(self, run: dict[str, Any]) -> None:
        self.under_way.remove(run)


@dataclass(frozen=True)
class Sandbox(Running):
    """The real warehouse, and an Airflow that only notes."""

    fake: Airflow = field(default_factory=Airflow)

    @contextmanager
    def airflow(self) -> Iterator[Any]:
        yield self.fake

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """As the platform's administrator."""
        with self.warehouse("PLATFORM_ADMIN", "REPORTING_WH") as session, session.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()

    def privileges(self) -> set[tuple[str, str]]:
        """What dbt's role holds on MARTS, now and on tables made later."""
        held = self.ask("SHOW GRANTS ON SCHEMA ECOMMERCE_ANALYTICS.MARTS")
        later = self.ask("SHOW FUTURE GRANTS IN SCHEMA ECOMMERCE_ANALYTICS.MARTS")
        return {(str(row[1]), str(row[2])) for row in (*held, *later) if row[5] == "ECOMMERCE_TRANSFORMER"}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A warehouse, and an Airflow where nothing has run."""
    state = tmp_path_factory.mktemp("parts")
    with start_platform(state, parts=["warehouse"], serve=False) as platform:
        yield Sandbox(state, platform.record, lambda _: None)


def test_customers_are_copied_once_and_all_copies_go_again(sandbox: Sandbox) -> None:
    """Twice in a row each: the same dozen stands twice and no more, and what was there before is there again."""
    count = f"SELECT COUNT(*), COUNT(DISTINCT CUSTOMER_ID) FROM {duplicate_customers.RAW}"  # noqa: S608 - our own name
    before = sandbox.ask(count)
    duplicate_customers.cause(sandbox)
    duplicate_customers.cause(sandbox)
    assert len(sandbox.fake.under_way) == 1
    [(rows, customers)] = sandbox.ask(count)
    assert (rows - customers, [customers]) == (12, [before[0][1]])
    duplicate_customers.mend(sandbox)
    duplicate_customers.mend(sandbox)
    assert sandbox.ask(count) == before
    assert sandbox.fake.under_way == []


def test_the_view_that_dbt_builds_keeps_both_copies(sandbox: Sandbox) -> None:
    """They tie in updated_at, so rank() lets both through: this is what the unique test finds."""
    window = "RANK() OVER (PARTITION BY CUSTOMER_ID ORDER BY UPDATED_AT DESC) AS VERSION"
    versions = f"SELECT CUSTOMER_ID, {window} FROM {duplicate_customers.RAW}"  # noqa: S608 - our own name
    ranked = f"SELECT COUNT(*) - COUNT(DISTINCT CUSTOMER_ID) FROM ({versions}) AS V WHERE VERSION = 1"  # noqa: S608 - as above
    duplicate_customers.cause(sandbox)
    assert sandbox.ask(ranked) == [(12,)]
    duplicate_customers.mend(sandbox)
    assert sandbox.ask(ranked) == [(0,)]


def test_exactly_what_was_revoked_is_granted_again(sandbox: Sandbox) -> None:
    """Twice in a row each; USAGE stays, so that Snowflake names the missing privilege instead of hiding the schema."""
    before = sandbox.privileges()
    grant_missing.cause(sandbox)
    grant_missing.cause(sandbox)
    revoked = before - sandbox.privileges()
    assert ("CREATE TABLE", "SCHEMA") in revoked
    assert {kind for _, kind in revoked} == {"SCHEMA", "TABLE"}
    assert ("USAGE", "SCHEMA") in sandbox.privileges()
    grant_missing.mend(sandbox)
    grant_missing.mend(sandbox)
    assert sandbox.privileges() == before
    assert sandbox.fake.under_way == []
