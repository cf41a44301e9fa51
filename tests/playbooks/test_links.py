"""Airflow's URLs hold entities; broken ones hold nothing."""

import pytest

from bot.alerts.alert import Link
from bot.playbooks.links import MAX_LINKS, find_log_link, find_urls, read_airflow_links

RUN = "scheduled__2026-11-20T02%3A00%3A00%2B00%3A00"


@pytest.mark.parametrize(
    "url",
    [
        f"http://127.0.0.1:8080/dags/daily/runs/{RUN}/tasks/extract?try_number=2",
        f"https://airflow.example/dags/daily/grid?dag_run_id={RUN}&task_id=extract&try_number=2&tab=logs",
        f"https://airflow.example/log?dag_id=daily&task_id=extract&run_id={RUN}&try_number=2",
    ],
)
def test_every_version_of_airflows_log_links_is_read(url: str) -> None:
    """Airflow 3's path, the grid's query and the old log page give the same four values and the link."""
    assert read_airflow_links([url]) == {
        "dag_id": "daily",
        "run_id": "scheduled__2026-11-20T02:00:00+00:00",
        "task_id": "extract",
        "try_number": "2",
        "log_url": url,
    }


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/x?task_id=y",
        "https://[broken",
        "not a url",
        "https://a.example/dags/x/grid?" + "a=1&" * 500,
    ],
)
def test_other_links_say_nothing(url: str) -> None:
    """A link without a DAG is no Airflow link, and a broken or hostile one is no error."""
    assert read_airflow_links([url]) == {}


def test_the_first_link_that_names_a_value_wins() -> None:
    """A later link adds what the first does not say, and changes nothing."""
    urls = ["https://a.example/dags/one/grid", "https://a.example/dags/two/grid?task_id=t"]
    assert read_airflow_links(urls) == {"dag_id": "one", "task_id": "t", "log_url": urls[1]}


def test_urls_are_found_in_a_text_up_to_a_bound() -> None:
    """`label (url)` gives the URL without the bracket; a text full of links gives the first of them."""
    assert find_urls("View log (https://a.example/dags/x/grid?task_id=y) now") == [
        "https://a.example/dags/x/grid?task_id=y"
    ]
    assert len(find_urls("https://a.example/ " * 100)) == MAX_LINKS


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (
            "https://old.example/admin/airflow/log?task_id=extract&dag_id=daily&execution_date=2026-11-20T02%3A00%3A00",
            {"dag_id": "daily", "task_id": "extract", "logical_date": "2026-11-20T02:00:00"},
        ),
        (
            "https://s3.example/logs/dag_id=daily/run_id=manual__1/task_id=extract/map_index=3/attempt=2.log",
            {"dag_id": "daily", "run_id": "manual__1", "task_id": "extract", "try_number": "2"},
        ),
        ("https://a.example/dags/daily/tasks/extract", {"dag_id": "daily", "task_id": "extract"}),
        (
            "https://a.example/api/v2/dags/daily/dagRuns/manual__1/taskInstances/extract/logs/2",
            {"dag_id": "daily", "run_id": "manual__1", "task_id": "extract", "try_number": "2"},
        ),
        (
            "https://a.example/taskinstance/list/?_flt_3_dag_id=daily&_flt_3_task_id=extract",
            {"dag_id": "daily", "task_id": "extract"},
        ),
        (
            "https://console.example/cloudwatch#logsV2:log-events/dag_id$253Ddaily$252Frun_id$253Dmanual__1$252Ftask_id"
            "$253Dextract$252Fattempt$253D2.log",
            {"dag_id": "daily", "run_id": "manual__1", "task_id": "extract", "try_number": "2"},
        ),
        (
            "https://a.example/dags/daily/runs/r1/tasks/group/load",
            {"dag_id": "daily", "run_id": "r1", "task_id": "load"},
        ),
    ],
)
def test_older_pages_and_log_files_are_read_too(url: str, found: dict[str, str]) -> None:
    """Airflow 1's pages, a task's and a group's page, and the paths that remote logging writes."""
    assert read_airflow_links([url]) == found | {"log_url": url}


@pytest.mark.parametrize(
    "url",
    ["https://git.example/team/repo/blob/main/dags/daily.py", "https://git.example/team/repo/tree/main/dags/finance"],
)
def test_a_file_in_a_folder_of_dags_is_no_dag(url: str) -> None:
    """A repository's page of code says nothing."""
    assert read_airflow_links([url]) == {}


def test_the_first_link_called_a_log_is_found() -> None:
    """`View logs` is one, `Blog` and a link without a label are none."""
    links = [
        Link("Blog", "https://a"),
        Link("", "https://b"),
        Link("View task logs", "https://c"),
        Link("Log", "https://d"),
    ]
    assert find_log_link(links) == "https://c"
    assert find_log_link(links[:2]) == ""


@pytest.mark.parametrize("plus", ["+", "%2B"])
def test_a_plus_of_a_date_in_a_query_is_no_space(plus: str) -> None:
    """Callbacks paste a run's id into the URL as it is."""
    url = f"https://a.example/dags/d/grid?execution_date=2026-11-20T04:00:00{plus}00:00"
    assert read_airflow_links([url])["logical_date"] == "2026-11-20T04:00:00+00:00"
