"""Airflow's URLs hold entities; broken ones hold nothing."""

import pytest

from bot.playbooks.links import MAX_LINKS, find_urls, read_airflow_links

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
