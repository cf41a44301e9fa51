"""What failed in dbt, from whoever can be read."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.diagnostics.derivations.dbt_failure import DbtFailure, DbtFailureArguments, put_together, split_test_name

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TEST = "unique_stg_customers_customer_id"
FEEDS = (
    {
        "name": "customers",
        "source": "public.customers",
        "raw": "RAW.PG.RAW_CUSTOMERS",
        "staging": "AN.STAGING.STG_CUSTOMERS",
        "key": "customer_id",
    },
)


@dataclass
class Failed:
    """An entry of the results."""

    name: str


@dataclass
class Results:
    """What dbt.run_results gives, as far as it is used."""

    name: str = TEST
    kind: str = "test"
    message: str = "Got 12 results, configured to fail if != 0"
    failures: int | None = 12
    at: datetime = NOW
    passed_since: bool = False
    failed: tuple[Failed, ...] = (Failed(TEST), Failed("not_null_x_y"))


@dataclass
class Node:
    """What dbt.node gives, as far as it is used."""

    name: str = TEST
    kind: str = "test"
    path: str = "models/schema.yml"
    test_kind: str = "unique"
    column: str = "customer_id"
    values: tuple[str, ...] = ()
    parent_relation: str = ""
    parent_column: str = ""
    model: str = "stg_customers"
    relation: str = "AN.STAGING.stg_customers"
    sources: tuple[str, ...] = ("RAW.PG.RAW_CUSTOMERS",)


@dataclass
class Log:
    """What airflow.task_log gives, as far as it is used."""

    exception_message: str = ""
    lines: tuple[str, ...] = field(default_factory=tuple)


def told(**given: Any) -> DbtFailure:
    """What is put together for a test."""
    return put_together(DbtFailureArguments(**{"kind": "test", "feeds": FEEDS, **given}), NOW)


def test_artifacts_tell_all_of_it() -> None:
    """Even when the alert names nothing."""
    failure = told(results=Results(), node=Node())
    assert (failure.name, failure.test_kind, failure.model, failure.column) == (
        TEST,
        "unique",
        "stg_customers",
        "customer_id",
    )
    assert (failure.relation, failure.raw) == ("AN.STAGING.stg_customers", "RAW.PG.RAW_CUSTOMERS")
    assert (failure.source, failure.failures, failure.others) == ("public.customers", 12, ("not_null_x_y",))
    assert failure.what == "a unique test of stg_customers, column customer_id"
    assert failure.told_by == ("dbt's results", "dbt's manifest")


def test_the_alert_alone_tells_what_the_platform_s_feeds_make_of_it() -> None:
    """Without artifacts and log a test's name is split by the models that are known."""
    failure = told(test=TEST)
    assert (failure.test_kind, failure.model, failure.column) == ("unique", "stg_customers", "customer_id")
    assert (failure.relation, failure.raw) == ("AN.STAGING.STG_CUSTOMERS", "RAW.PG.RAW_CUSTOMERS")
    assert failure.told_by == ("the alert",)


def test_the_log_tells_of_the_test_that_the_alert_names_and_of_no_other() -> None:
    """A log of another job's failure is not taken for this one's."""
    log = Log("Failure in test unique_other_id (o.yml) Got 5 results, configured to fail if != 0")
    assert told(test=TEST, log=log).failures is None
    found = told(
        log=Log("dbt test failed", (f"Failure in test {TEST} (models/schema.yml)", "Got 3 results, configured to fail"))
    )
    assert (found.name, found.failures, found.path) == (TEST, 3, "models/schema.yml")
    assert found.told_by == ("the task's log",)


def test_a_model_s_error_comes_from_the_results_before_the_log() -> None:
    """Both say it; the artifact's message is whole."""
    message = "Database Error in model fct (m/fct.sql)\n  000904 (42000): invalid identifier 'X'"
    results = Results("fct", "model", message, None, NOW, True, (Failed("fct"),))
    failure = told(
        kind="model", model="fct", results=results, log=Log("Failure in model fct (m/fct.sql) 002003 (02000): gone")
    )
    assert (failure.name, failure.kind, failure.error.code) == ("fct", "model", "000904")
    assert (failure.passed_since, failure.others) == (True, ())
    assert told(kind="model", log=Log("Database Error in model fct (m) 002003 (02000): gone")).error.sentence == "gone"


def test_a_short_test_name_is_completed_by_what_the_alert_gives_besides() -> None:
    """Elementary says `unique` on a table and a column."""
    failure = told(test="unique", table="an.staging.stg_customers", column="customer_id")
    assert (failure.test_kind, failure.model, failure.raw) == ("unique", "stg_customers", "RAW.PG.RAW_CUSTOMERS")
    assert failure.relation == "AN.STAGING.STG_CUSTOMERS"


def test_nothing_at_all_is_nothing() -> None:
    """No guess is made."""
    assert told() == DbtFailure(kind="test")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("not_null_stg_orders_customer_id", ("not_null", "stg_orders", "customer_id")),
        ("accepted_values_stg_orders_status__placed__paid", ("accepted_values", "stg_orders", "status")),
        ("unique_stg_orders_items_id", ("unique", "stg_orders_items", "id")),
        ("unique_sessions_id", ("unique", "", "")),
        ("assert_revenue_is_positive", ("", "", "")),
    ],
)
def test_a_test_s_name_is_split_by_the_longest_model_that_is_known(name: str, parts: tuple[str, str, str]) -> None:
    """Where a model ends and its column begins only its name can tell."""
    assert split_test_name(name, ("stg_orders", "stg_orders_items", "")) == parts
