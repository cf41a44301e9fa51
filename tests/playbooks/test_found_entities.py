"""What stands where a value would and is none is passed over; the next place may hold one."""

import pytest

from bot.alerts.alert import Alert, Link
from bot.playbooks.found_entities import read_entities
from bot.playbooks.patterns import PatternSet
from bot.playbooks.shared import CommonEntity, Shared

DAG = r"\bDAG (?P<dag_id>[\w\-]+)"
TABLE = r"\bin (?P<table>[\w.]+)"
DATE = r"\bdate: (?P<logical_date>\d[\d :+\-]*)"
SHARED = Shared(
    entities={
        "dag_id": CommonEntity(
            type="dag_id", fields=("dag",), text=(DAG,), never=("run", "failed"), never_like=(r"^airflow-",)
        ),
        "table": CommonEntity(type="table", text=(TABLE,), never_like=(r"\.py$",)),
        "log_url": CommonEntity(type="url"),
        "logical_date": CommonEntity(type="text", text=(DATE,)),
    }
)


def entities_of(alert: Alert) -> dict[str, str]:
    """What is read without a playbook."""
    patterns = PatternSet((DAG, TABLE, DATE))
    return read_entities(None, alert, (), patterns.scan(alert.text), patterns, SHARED)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DAG run of today, DAG orders_daily", {"dag_id": "orders_daily"}),
        ("DAG airflow-prod: DAG Failed, DAG orders_daily", {"dag_id": "orders_daily"}),
        ("in load.py, in raw.orders", {"table": "raw.orders"}),
        ("in 9lives, in raw.orders", {"table": "raw.orders"}),
        ("DAG run failed, in load.py", {}),
    ],
)
def test_a_word_that_is_no_name_leaves_room_for_the_name_behind_it(text: str, found: dict[str, str]) -> None:
    """Guard words, guard patterns and the type's own rule pass a place over, and the same pattern is tried again."""
    assert entities_of(Alert(text)) == found


def test_the_search_for_a_name_gives_up_after_a_few_places() -> None:
    """A text full of guard words costs a few searches and gives nothing."""
    assert entities_of(Alert("DAG run " * 50 + "DAG orders_daily")) == {}


def test_a_field_with_a_guard_word_is_no_value_either() -> None:
    """`DAG: failed` as a field falls back to the text."""
    assert entities_of(Alert("DAG orders_daily", fields={"dag": "Failed"})) == {"dag_id": "orders_daily"}


def test_a_link_that_is_called_a_log_is_the_log() -> None:
    """Where no Airflow link tells it, the link's label does."""
    links = (Link("Dashboard", "https://g.example/d/1"), Link("View logs", "https://logs.example/7"))
    assert entities_of(Alert("it broke", links=links)) == {"log_url": "https://logs.example/7"}


@pytest.mark.parametrize(
    ("day", "read"),
    [("2026-11-20 04:00:00+00:00", "2026-11-20 04:00:00+00:00"), ("none", "2026-11-20T04:00:00+00:00")],
)
def test_a_labelled_time_is_given_as_it_is_written(day: str, read: str) -> None:
    """The link's is taken where no label tells one."""
    url = "https://a.example/log?dag_id=map_refresh&execution_date=2026-11-20T04%3A00%3A00%2B00%3A00"
    assert entities_of(Alert(f"Execution date: {day}\n{url}"))["logical_date"] == read
