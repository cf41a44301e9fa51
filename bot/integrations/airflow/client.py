"""Calls Airflow's REST API (v2) through its own client; every call has a timeout, every failure becomes ours.

Answers are taken as JSON, not as the client's models: the models drop the details of log lines, and refuse a whole
answer for one state that they do not know.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any

from bot.diagnostics.probe import Scope
from bot.errors import IntegrationError, NotFound
from bot.integrations.airflow.failures import SYSTEM, is_token_refused, read_json, refused, unreachable
from bot.integrations.airflow.settings import Settings
from bot.integrations.deadline import Deadline


class AirflowClient:
    """One Airflow server. Thread-safe; imports the API client and logs in at first use, and again when a token ends."""

    def __init__(self, settings: Settings, *, may_change: bool = False, size: int = 4) -> None:
        self.url = settings.url
        self._settings = settings
        self._may_change = may_change
        self._size = size
        self._api: Any = None
        self._lock = Lock()

    @contextmanager
    def calling(self, scope: Scope) -> Iterator["Calls"]:
        """The calls of one read or change, which share the scope's deadline."""
        import airflow_client.client  # noqa: F401 - takes about a second at first use, which is not Airflow's fault
        from urllib3.exceptions import HTTPError

        deadline = Deadline(SYSTEM, scope.deadline_s)
        try:
            yield Calls(self, deadline)
        except HTTPError as error:
            raise unreachable(error, self._settings.address, scope.deadline_s) from error

    def close(self) -> None:
        """Close every idle connection."""
        with self._lock:
            if self._api is not None:
                self._api.rest_client.pool_manager.clear()

    def require_change(self) -> None:
        """IntegrationError on a client made for reading."""
        if not self._may_change:
            raise IntegrationError(SYSTEM, "this connection is for reading only")

    def answer(self, api: str, method: str, deadline: Deadline, arguments: Mapping[str, Any]) -> tuple[int, bytes]:
        """Status and body of one call, logged in; a refused token is renewed once."""
        used = self._logged_in(deadline, refused_token=None)
        status, body = self._call(api, method, deadline, arguments)
        if is_token_refused(status, body) and self._settings.can_log_in:
            self._logged_in(deadline, refused_token=used)
            status, body = self._call(api, method, deadline, arguments)
        return status, body

    def _call(self, api: str, method: str, deadline: Deadline, arguments: Mapping[str, Any]) -> tuple[int, bytes]:
        import airflow_client.client as airflow

        call = getattr(getattr(airflow, api)(self._api), f"{method}_without_preload_content")
        response = call(**arguments, _request_timeout=float(deadline.left()))
        try:
            return response.status, response.read()
        finally:
            response.release_conn()

    def _logged_in(self, deadline: Deadline, *, refused_token: str | None) -> str:
        """The token in use; a new one when there is none, or when it still is the refused one."""
        with self._lock:
            if self._api is None:
                self._api = _make_api(self._settings.url, self._size)
                self._api.configuration.access_token = self._settings.token or None
            token = self._api.configuration.access_token
            if self._settings.can_log_in and (token is None or token == refused_token):
                token = self._log_in(deadline)
                self._api.configuration.access_token = token
            return token or ""

    def _log_in(self, deadline: Deadline) -> str:
        response = self._api.rest_client.request(
            "POST",
            f"{self.url}/auth/token",
            headers={"Content-Type": "application/json"},
            body={"username": self._settings.username, "password": self._settings.password},
            _request_timeout=deadline.left(),
        )
        body = response.read()
        if response.status not in (200, 201):
            raise refused(response.status, body)
        found = read_json(body)
        token = found.get("access_token") if isinstance(found, dict) else None
        if not token:
            raise IntegrationError(SYSTEM, "the login gave no token: AIRFLOW_URL leads to something else")
        return str(token)


class Calls:
    """Calls under one deadline. `api` and `method` are those of apache-airflow-client (`DagRunApi`, `get_dag_runs`)."""

    def __init__(self, client: AirflowClient, deadline: Deadline) -> None:
        self._client = client
        self._deadline = deadline

    def get(self, api: str, method: str, **arguments: Any) -> Any:
        """The answer's JSON; an IntegrationError for anything but success."""
        status, body = self._client.answer(api, method, self._deadline, arguments)
        if status != 200:
            raise refused(status, body)
        return read_json(body)

    def find(self, api: str, method: str, **arguments: Any) -> Any:
        """The answer's JSON, or None where Airflow says 404."""
        try:
            return self.get(api, method, **arguments)
        except NotFound:
            return None

    def change(self, api: str, method: str, **arguments: Any) -> int:
        """Run a changing call of an approved plan; 409 when Airflow holds such a thing already, else 200."""
        self._client.require_change()
        status, body = self._client.answer(api, method, self._deadline, arguments)
        if status not in (200, 201, 409):
            raise refused(status, body)
        return 409 if status == 409 else 200


def _make_api(url: str, size: int) -> Any:
    import airflow_client.client as airflow

    # Without a limit of its own urllib3 tries three times, each with the whole timeout.
    configuration = airflow.Configuration(host=url, retries=0)
    configuration.connection_pool_maxsize = size
    return airflow.ApiClient(configuration)
