"""What else failed in the same minutes, in any DAG."""

from datetime import timedelta

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import EntityError
from bot.integrations.airflow.probes.outage import SHOWN, FailuresArguments, failures_from, read_failures
from tests.integrations.airflow.builders import airflow, instance, instances


@pytest.mark.parametrize(("minutes", "asked"), [(30, 30), (0, 1), (-9, 1), (99_999, 1440)])
def test_the_window_is_at_least_a_minute_and_at_most_a_day(minutes: int, asked: int, scope: Scope) -> None:
    """Of every DAG and run, the last failures first."""
    client = airflow(get_task_instances=instances())
    found = read_failures(client, FailuresArguments(minutes=minutes), scope)
    sent = client.arguments_of("get_task_instances")
    assert sent["end_date_gte"] == scope.now - timedelta(minutes=asked)
    assert (sent["dag_id"], sent["dag_run_id"], sent["limit"], found.minutes) == ("~", "~", 50, asked)


@pytest.mark.parametrize("arguments", [FailuresArguments("~", "t"), FailuresArguments("d", "a b")])
def test_what_is_no_id_is_refused(arguments: FailuresArguments, scope: Scope) -> None:
    """Though it is only compared with."""
    with pytest.raises(EntityError):
        read_failures(airflow(), arguments, scope)


@pytest.mark.parametrize(
    ("dags", "because"),
    [
        ("", "nothing else failed"),
        ("a", "1 other task of 1 DAG failed too"),
        ("aa", "2 other tasks of 1 DAG failed too"),
        ("ab", "2 other tasks of 2 DAGs failed too"),
    ],
)
def test_one_more_is_wide(dags: str, because: str) -> None:
    """The boundary between "it is this task" and "it is Airflow"."""
    found = failures_from([instance(dag_id=name) for name in dags], 30)
    assert (found.verdict, found.because) == ("wide" if dags else "alone", because)


def test_every_run_of_the_known_task_is_left_out() -> None:
    """Its namesake in another DAG is not."""
    rows = [instance("t", dag_run_id="r1"), instance("t", dag_run_id="r2"), instance("t", dag_id="e")]
    assert failures_from(rows, 30, "d", "t").dags == ("e",)


@pytest.mark.parametrize(
    ("hosts", "host"), [(("w1", "w1"), "w1"), (("w1", "w2"), ""), (("w1", None), ""), ((None,), "")]
)
def test_a_host_is_named_when_all_ran_on_it(hosts: tuple[str | None, ...], host: str) -> None:
    """A worker that is ill shows so."""
    assert failures_from([instance(hostname=name) for name in hosts], 30).host == host


def test_ten_are_shown_and_all_are_counted() -> None:
    """An outage fails hundreds."""
    found = failures_from([instance(f"t{number}") for number in range(40)], 30)
    assert (found.count, len(found.failures), found.failures[0].task_id) == (40, SHOWN, "t0")


def test_those_that_were_not_read_are_counted_too(scope: Scope) -> None:
    """Airflow says how many there are; the one that is known is none of them."""
    rows = [instance("t"), *(instance(f"t{number}") for number in range(49))]
    client = airflow(get_task_instances={"task_instances": rows, "total_entries": 300})
    found = read_failures(client, FailuresArguments("d", "t"), scope)
    assert (found.count, found.because) == (299, "299 other tasks of 1 DAG failed too")
