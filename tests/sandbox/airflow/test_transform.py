"""dbt as a program of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.sandbox.airflow.transform import DbtFailedError, find_failure, require_success, run_dbt

FAILED_TEST = """
print("03:26:21  1 of 2 START test unique_stg_customers_customer_id [RUN]")
print("03:26:22  Finished running 2 data tests")
print("03:26:23  Completed with 1 error, 0 partial successes, and 0 warnings:")
print("03:26:23")
print("03:26:23  Failure in test unique_stg_customers_customer_id (models/schema.yml)")
print("03:26:23    Got 3 results, configured to fail if != 0")
sys.exit(1)
"""


def test_a_failure_says_what_dbt_said(make_dbt: Callable[[str], dict[str, str]]) -> None:
    """The exception holds dbt's summary without its clock, so that an alert carries the failing test."""
    told: list[str] = []
    run = run_dbt(["test"], make_dbt(FAILED_TEST), "daily", told.append)
    with pytest.raises(DbtFailedError) as failed:
        require_success(run)
    assert str(failed.value).splitlines() == [
        "dbt test failed",
        "Completed with 1 error, 0 partial successes, and 0 warnings:",
        "Failure in test unique_stg_customers_customer_id (models/schema.yml)",
        "  Got 3 results, configured to fail if != 0",
    ]
    assert told[0] == "03:26:21  1 of 2 START test unique_stg_customers_customer_id [RUN]"


def test_a_run_without_a_summary_shows_its_last_lines() -> None:
    """A crash of dbt itself has no summary; what it printed last is the best there is."""
    lines = [f"line {number}" for number in range(100)]
    assert find_failure(lines).splitlines()[-1] == "line 99"
    assert len(find_failure(lines).splitlines()) == 40


def test_a_good_run_passes(make_dbt: Callable[[str], dict[str, str]]) -> None:
    """Exit code 0 is success whatever was printed."""
    require_success(run_dbt(["run"], make_dbt("print('Completed successfully')"), "daily"))


def test_dbt_sees_no_more_than_it_needs(make_dbt: Callable[[str], dict[str, str]]) -> None:
    """The caller's own secrets do not reach dbt; where to put its files does."""
    variables = make_dbt("print(json.dumps(dict(os.environ)))") | {"SLACK_BOT_TOKEN": "xoxb-real"}
    run = run_dbt(["run"], variables, "daily", lambda _: None)
    assert "xoxb-real" not in run.lines[-1]
    assert str(run.target) in run.lines[-1]


def test_a_missing_dbt_is_named(make_dbt: Callable[[str], dict[str, str]]) -> None:
    """An environment that was never built is an error with the path in it."""
    variables = make_dbt("") | {"SANDBOX_DBT": "nowhere/dbt"}
    with pytest.raises(FileNotFoundError, match="nowhere/dbt"):
        run_dbt(["run"], variables, "daily")
