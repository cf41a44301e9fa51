"""The DAG on the real parts: the source, the warehouse, dbt and Slack."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.sandbox.airflow.freshness import main as check_freshness
from bot.sandbox.platform import Platform, start_platform

pytestmark = pytest.mark.sandbox

RUN_SECONDS = 420.0


class Airflow:
    """Airflow's API as the bot's user."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.url = record["airflow"]["url"]
        login = {"username": record["airflow"]["username"], "password": record["airflow"]["password"]}
        self.token = ask(f"{self.url}/auth/token", login)["access_token"]

    def get(self, path: str) -> Any:
        return ask(f"{self.url}/api/v2/{path}", token=self.token)

    def trigger(self, run: str) -> None:
        body = {"dag_run_id": run, "logical_date": None}
        ask(f"{self.url}/api/v2/dags/ecommerce_daily/dagRuns", body, token=self.token)

    def pause(self, paused: bool) -> Any:
        url = f"{self.url}/api/v2/dags/ecommerce_daily"
        return ask(url, {"is_paused": paused}, token=self.token, method="PATCH")

    def state(self, run: str) -> str:
        runs = self.get("dags/ecommerce_daily/dagRuns")["dag_runs"]
        return next((str(found["state"]) for found in runs if found["dag_run_id"].startswith(run)), "none")


def ask(url: str, body: Any = None, token: str | None = None, method: str | None = None) -> Any:
    """A JSON request; POST when there is a body, unless `method` says otherwise."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    method = method or ("GET" if body is None else "POST")
    return httpx.request(method, url, json=body, headers=headers, timeout=60).raise_for_status().json()


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Every part but the bot, for all tests of this file."""
    with start_platform(tmp_path_factory.mktemp("sandbox"), serve=False) as running:
        yield running


@pytest.fixture(scope="module")
def airflow(platform: Platform) -> Airflow:
    """Airflow's API, after today's run."""
    api = Airflow(platform.record)
    deadline = time.monotonic() + RUN_SECONDS
    while api.state("scheduled__") in ("none", "queued", "running") and time.monotonic() < deadline:
        time.sleep(0.5)
    return api


def alerts(platform: Platform) -> list[str]:
    """The texts in #data-alerts, oldest first."""
    url = f"{platform.record['slack']['url']}/api/conversations.history?channel=C0ALERTS"
    return [message["text"] for message in reversed(ask(url, token="xoxb-sandbox-runbook")["messages"])]


def wait_for_alert(platform: Platform, words: str) -> str:
    """The first alert that holds `words`; asks every two seconds, since Slack limits how often one may."""
    deadline = time.monotonic() + RUN_SECONDS
    while time.monotonic() < deadline:
        for text in alerts(platform):
            if words in text:
                return text
        time.sleep(2)
    raise AssertionError(f"no alert holds {words!r}: {alerts(platform)}")


def count_orders(platform: Platform) -> int:
    """Rows in the raw table that were updated today."""
    return int(query(platform, "SELECT COUNT(*) FROM RAW_ORDERS WHERE TO_DATE(UPDATED_AT) = CURRENT_DATE()")[0][0])


def query(platform: Platform, statement: str) -> list[tuple[Any, ...]]:
    """Ask the warehouse as its administrator."""
    import snowflake.connector

    place = platform.record["warehouse"]
    with snowflake.connector.connect(
        host=place["host"],
        port=place["port"],
        protocol="http",
        account=place["account"],
        user="PLATFORM_ADMIN",
        authenticator="SNOWFLAKE_JWT",
        private_key_file=str(Path(place["keys"]) / "PLATFORM_ADMIN.pem"),
        database="ECOMMERCE_RAW",
        schema="POSTGRES",
        enable_server_session_keep_alive_auto_detection=False,
    ) as session:
        return list(session.cursor().execute(statement).fetchall())


@pytest.fixture
def blocker(platform: Platform) -> Iterator[None]:
    """The shop's migration holds the orders table."""
    context = platform.context
    command = [str(context.python("source")), "-m", "bot.sandbox.source.blocker"]
    place = ["--port", str(context.port("source")), "--state", str(context.folder("source"))]
    with subprocess.Popen([*command, *place], cwd=context.repository, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert b"holds orders" in process.stdout.readline()
        yield
        process.terminate()


def test_the_dag_is_read_without_errors(airflow: Airflow) -> None:
    """Five tasks, no import error."""
    assert airflow.get("importErrors")["total_entries"] == 0
    assert {task["task_id"] for task in airflow.get("dags/ecommerce_daily/tasks")["tasks"]} == {
        "extract_postgres_orders",
        "extract_stripe_payments",
        "load_snowflake",
        "dbt_run",
        "dbt_test",
    }


def test_todays_run_comes_by_itself_and_succeeds(airflow: Airflow, platform: Platform) -> None:
    """Nobody triggers it, nothing is alerted, and the source's rows of today are in the warehouse."""
    assert alerts(platform) == []
    assert airflow.state("scheduled__") == "success"
    newest = query(platform, "SELECT MAX(DATE) = CURRENT_DATE() FROM ECOMMERCE_ANALYTICS.MARTS.FCT_DAILY_REVENUE")
    assert newest[0][0]


def test_a_rerun_replaces_the_day(airflow: Airflow, platform: Platform, until: Callable[..., None]) -> None:
    """Running a day twice leaves each row once."""
    before = count_orders(platform)
    airflow.trigger("again")
    until(lambda: airflow.state("again") == "success", RUN_SECONDS)
    assert count_orders(platform) == before > 0


def test_fresh_data_raises_no_alert(airflow: Airflow, platform: Platform) -> None:
    """After today's run the freshness check is content."""
    assert airflow.state("scheduled__") == "success"
    assert check_freshness(["--state", str(platform.context.state)]) == 0


@pytest.mark.usefixtures("blocker")
def test_a_locked_source_is_alerted_in_postgresqls_words(airflow: Airflow, platform: Platform) -> None:
    """The first try fails on the statement timeout; the alert says so, and when the next try is."""
    airflow.trigger("locked")
    text = wait_for_alert(platform, "*Run*: locked")
    assert "*Task*: extract_postgres_orders\n" in text
    assert "psycopg2.errors.QueryCanceled: canceling statement due to statement timeout" in text
    assert "*Try*: 1 of 3\n" in text
    assert "*Next try*: " in text


def test_the_bots_user_may_pause_the_dag(airflow: Airflow) -> None:
    """What a remedy needs: pause and unpause with the operator's role."""
    assert airflow.pause(True)["is_paused"]
    assert not airflow.pause(False)["is_paused"]
