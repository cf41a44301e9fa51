"""Stage 3: what the links of an alert say: an Airflow URL holds the DAG, the task, the run and the try."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qs, unquote, urlsplit

_URL = re.compile(r"https?://[^\s<>()|\"'`]{1,2000}")
# Airflow 3: /dags/D/runs/R/tasks/T?try_number=1 ; Airflow 2: /dags/D/grid?dag_run_id=R&task_id=T, /log?dag_id=D
_PATH = re.compile(r"/dags/([^/]+)(?:/runs/([^/]+)(?:/tasks/([^/]+))?)?")
_QUERY = {
    "dag_id": ("dag_id",),
    "task_id": ("task_id",),
    "run_id": ("dag_run_id", "run_id"),
    "try_number": ("try_number",),
}
MAX_LINKS = 20


def find_urls(text: str) -> list[str]:
    """The first URLs that stand in a text, for an alert that brought no links along."""
    return [found.group() for found, _ in zip(_URL.finditer(text), range(MAX_LINKS), strict=False)]


def read_airflow_links(urls: Iterable[str]) -> Mapping[str, str]:
    """dag_id, task_id, run_id, try_number, log_url as far as the URLs hold them; the first that names one wins."""
    found: dict[str, str] = {}
    for url in list(urls)[:MAX_LINKS]:
        for name, value in _read(url).items():
            found.setdefault(name, value)
    return found


def _read(url: str) -> dict[str, str]:
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query, max_num_fields=40)
    except ValueError:  # a hostile or broken URL says nothing
        return {}
    values = {name: query[key][0] for name, keys in _QUERY.items() for key in keys if key in query and query[key][0]}
    path = _PATH.search(parts.path)
    if path:
        for name, value in zip(("dag_id", "run_id", "task_id"), path.groups(), strict=True):
            if value:
                values.setdefault(name, unquote(value))
    elif "dag_id" not in values:
        return {}
    return values | ({"log_url": url} if "task_id" in values else {})
