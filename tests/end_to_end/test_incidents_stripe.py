"""Incidents of Stripe and of Airflow itself: a limit, an error of the DAG's own code, a late run, the scheduler."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.sandbox.airflow.configuration import VARIABLES
from bot.sandbox.breaks.launch import launch_run
from bot.sandbox.breaks.running import Running, open_running

pytestmark = pytest.mark.end_to_end
ALERTS, ONCALL = "C0ALERTS", "U0ONCALL"
BATCH = "stripe_batch_size"
LIMITED = (
    *("Stripe limits our requests in extract_stripe_payments", "*5* times 429", "global-rate", "Retry-After up to"),
    *("*likely*", "Try 1 of 3 is up_for_retry", f"`{BATCH}` is *100*", "`stripe_requests_per_second` is *20*"),
    # By the time of the reading a short limit may be over.
    *("imited*", "*test mode*: 25 requests a second"),
)


def test_a_limit_is_counted_and_the_batch_size_lowered(
    road: Any, start_bot: Callable[..., Any], break_: Callable[[str], Any], running: Running
) -> None:
    """The real client meets 429s; the card counts them, tells waits, settings and mode; the on-call's yes sets the
    variable, and the incident stays open, for that alone ends no limit."""
    start_bot()
    before = road.newest()
    with break_("stripe-429"):
        alert = road.alert(before, "RateLimitError")
        card = road.card(alert["ts"], "times 429")
        text = road.said(card)
        assert [words for words in LIMITED if words not in text] == [], text
        assert "rk_test" not in text

        road.press(ONCALL, card, "offer:smaller_batch")
        planned = road.card(alert["ts"], "PATCH /api/v2/variables/stripe_batch_size")
        road.press(ONCALL, planned, "approve")
        road.card(alert["ts"], "*: it helped", 180)
        assert read_variable(running, BATCH) == "50"
        assert list(road.slack.reactions(ALERTS, alert["ts"])) != ["white_check_mark"]
    assert read_variable(running, BATCH) == VARIABLES[BATCH]


def test_an_error_of_the_dags_own_code_is_shown_with_its_line(
    road: Any, start_bot: Callable[..., Any], running: Running, quiet: Callable[[], None]
) -> None:
    """No playbook knows the cause: the exception, the user's own line, what is held up, and whether that is new."""
    start_bot()
    before = road.newest()
    try:
        with setting(running, BATCH, "a hundred"):
            launch_run(running, "own-error", "its extract_stripe_payments cannot read a number")
            alert = road.alert(before, "invalid literal for int()")
            text = road.said(road.card(alert["ts"], "ValueError"))
    finally:
        quiet()
    wanted = (
        *("ecommerce_daily.extract_stripe_payments failed", "invalid literal for int() with base 10: 'a hundred'"),
        *("ecommerce_daily.py:", "in extract_payments", "no file has an import error", "Held up behind it"),
        *("load_snowflake, dbt_run, dbt_test", "the next one starts"),
    )
    assert [words for words in wanted if words not in text] == [], text


@pytest.mark.parametrize(
    ("alert", "wanted"),
    [
        (
            "Missed SLA! dag=ecommerce_daily task=dbt_run",
            ("later than", "The run is", "dbt_test", "slots are"),
        ),
        ("The scheduler does not appear to be running. (airflow-web)", ("*Alive*", "SchedulerJob", "No pool starves")),
    ],
)
def test_airflow_itself_is_looked_at(
    road: Any, start_bot: Callable[..., Any], alert: str, wanted: tuple[str, ...]
) -> None:
    """A late run is compared with earlier ones, and a false alarm about the scheduler is seen to be one."""
    start_bot()
    ts = road.slack.say(ALERTS, alert, app="A0AIRFLOW")
    text = road.said(road.card(ts, wanted[0]))
    assert [words for words in wanted if words not in text] == [], text


@pytest.fixture
def running(road: Any) -> Running:
    """The running sandbox, as a second terminal sees it."""
    return open_running(road.platform.context.state, print)


@pytest.fixture
def quiet(running: Running) -> Callable[[], None]:
    """Remove the test's own runs, so that the next test meets none."""

    def remove() -> None:
        with running.airflow() as api:
            for run in api.runs():
                if run["dag_run_id"].startswith("break-own-error-"):
                    api.remove_run(run)

    return remove


@contextmanager
def setting(running: Running, name: str, value: str) -> Iterator[None]:
    """A variable of Airflow with another value, for a while."""
    with running.airflow() as api:
        api.set_variable(name, value)
    try:
        yield
    finally:
        with running.airflow() as api:
            api.set_variable(name, VARIABLES[name])


def read_variable(running: Running, name: str) -> str:
    """What Airflow has."""
    with running.airflow() as api:
        return api.variable(name)
