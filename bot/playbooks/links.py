"""Stage 3: what the links of an alert say: an Airflow URL holds the DAG, the task, the run and the try."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from bot.alerts.alert import Link

_URL = re.compile(r"https?://[^\s<>()|\"'`]{1,2000}")
# Airflow 3: /dags/D/runs/R/tasks/T?try_number=1 ; Airflow 2: /dags/D/grid?dag_run_id=R&task_id=T, /log?dag_id=D ;
# Airflow 1: /admin/airflow/log?dag_id=D
_PATH = re.compile(r"/dags/([^/]+)(?:/runs/([^/]+))?(?:/tasks/(?:group/)?([^/]+))?")
# Airflow's API: /api/v1/dags/D/dagRuns/R/taskInstances/T/logs/1
_API_PATH = re.compile(r"/dags/([^/]+)/dagRuns/([^/]+)(?:/taskInstances/([^/]+)(?:/(?:logs|tries)/(\d+))?)?")
# What remote logging writes: …/dag_id=D/run_id=R/task_id=T/attempt=1.log
_LOG_PATH = re.compile(r"[/=]dag_id=([^/]+)/run_id=([^/]+)/task_id=([^/]+)(?:/[^/]+=[^/]+)*?/attempt=(\d+)")
_QUERY = {
    "dag_id": ("dag_id", "_flt_3_dag_id"),  # the latter: the lists of Airflow 2
    "task_id": ("task_id", "_flt_3_task_id"),
    "run_id": ("dag_run_id", "run_id", "_flt_3_run_id"),
    "try_number": ("try_number",),
    "logical_date": ("execution_date", "logical_date", "_flt_3_execution_date"),
}
_CODE = re.compile(r"\.(?:py|ya?ml|sql|md)\Z|/(?:blob|blame|raw|edit)/|/tree/(?:main|master)/")
_LOG_LABEL = re.compile(r"\W*(?:(?:view|open|see|show|full|task|airflow|the|check|go to|read)\s+){0,3}logs?\b", re.I)
MAX_LINKS = 20


def find_urls(text: str) -> list[str]:
    """The first URLs that stand in a text, for an alert that brought no links along."""
    return [found.group() for found, _ in zip(_URL.finditer(text), range(MAX_LINKS), strict=False)]


def find_log_link(links: Iterable[Link]) -> str:
    """The first link whose label calls it a log (`View log`, `Logs`), "" when there is none."""
    return next((link.url for link in links if _LOG_LABEL.match(link.label)), "")


def read_airflow_links(urls: Iterable[str]) -> Mapping[str, str]:
    """dag_id, task_id, run_id, try_number, logical_date, log_url as far as the URLs hold them; the first that names one
    wins. A file of a repository that lies under `dags/` is no DAG."""
    found: dict[str, str] = {}
    for url in list(urls)[:MAX_LINKS]:
        for name, value in _read(url).items():
            found.setdefault(name, value)
    return found


def _read(url: str) -> dict[str, str]:
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query.replace("+", "%2B"), max_num_fields=40)  # 04:00:00+00:00, and no space
    except ValueError:  # a hostile or broken URL says nothing
        return {}
    values = {name: query[key][0] for name, keys in _QUERY.items() for key in keys if key in query and query[key][0]}
    if not _CODE.search(parts.path):
        values = _read_path(parts, url) | values
    if "dag_id" not in values:
        return {}
    return values | ({"log_url": url} if "task_id" in values else {})


def _read_path(parts: SplitResult, url: str) -> dict[str, str]:
    # Consoles of clouds hold the path of a log in the query or the fragment: escaped, CloudWatch's twice with $ for %
    log = _LOG_PATH.search(unquote(unquote(url.replace("$25", "%"))))
    if log:
        return dict(zip(("dag_id", "run_id", "task_id", "try_number"), log.groups(), strict=True))
    api = _API_PATH.search(parts.path)
    if api:
        values = zip(("dag_id", "run_id", "task_id", "try_number"), api.groups(), strict=True)
        return {name: unquote(value) for name, value in values if value}
    path = _PATH.search(parts.path)
    if not path:
        return {}
    named = zip(("dag_id", "run_id", "task_id"), path.groups(), strict=True)
    return {name: unquote(value) for name, value in named if value}
