"""The launcher's first step: the sandbox's ports and folders -> the environment Airflow runs in."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

SLACK_TOKEN = "xoxb-sandbox-airflow"  # noqa: S105 - the stand-in's fixed token, good for nothing else
USERS = {"admin": "admin", "runbook": "op"}
"""User -> role of Airflow's simple auth manager."""
VARIABLES = {"stripe_batch_size": "100", "stripe_requests_per_second": "20"}
"""Airflow's variables at the start: how many charges a request asks Stripe for, and how many requests a second."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where this Airflow keeps its files (`folder`, absolute) and the port it listens on."""

    folder: Path
    port: int

    @property
    def database(self) -> Path:
        """The metadata database's file."""
        return self.folder / "airflow.db"

    @property
    def passwords(self) -> Path:
        """JSON {user: password}, mode 0600."""
        return self.folder / "passwords.json"

    @property
    def url(self) -> str:
        """The API server's address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"


def write_passwords(path: Path) -> None:
    """Give every user a password (kept over a restart), in a file that only its owner can read."""
    if path.exists() and set(json.loads(path.read_text())) == set(USERS):
        return
    path.touch(mode=0o600)
    path.write_text(json.dumps({user: secrets.token_urlsafe(12) for user in USERS}))


def server_settings(home: Home) -> dict[str, str]:
    """Settings of Airflow itself.

    Heartbeat: at its default of 5 s a short task holds its slot for 5 s. Execution API: the first tasks are
    queued while the API server still starts, and with the defaults they give up after some 10 s.
    """
    return {
        "AIRFLOW_HOME": str(home.folder),
        "AIRFLOW__CORE__DAGS_FOLDER": str(Path(__file__).parent / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "2",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{home.url}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{name}:{role}" for name, role in USERS.items()),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home.passwords),
        "AIRFLOW__CORE__FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home.database}",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(home.port),
        "AIRFLOW__API__BASE_URL": home.url,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": secrets.token_urlsafe(32),
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_urlsafe(64),
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home.folder / "logs"),
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",
        "AIRFLOW__WORKERS__EXECUTION_API_RETRIES": "40",
        "AIRFLOW__WORKERS__EXECUTION_API_RETRY_WAIT_MIN": "0.5",
        "AIRFLOW__WORKERS__EXECUTION_API_RETRY_WAIT_MAX": "2",
        "AIRFLOW__WORKERS__SOCKET_CLEANUP_TIMEOUT": "2",
    }


def connections(environ: Mapping[str, str]) -> dict[str, str]:
    """What the DAG's tasks connect with; passwords are read from the source's own file.

    Raises KeyError when a SANDBOX_* variable is missing and OSError when the passwords cannot be read.
    """
    password = json.loads(Path(environ["SANDBOX_SOURCE_PASSWORDS"]).read_text())["airflow_extract"]
    slack = {
        "conn_type": "slack",
        "password": SLACK_TOKEN,
        "extra": {"base_url": environ["SANDBOX_SLACK_API_URL"], "timeout": 10},
    }
    source = f"127.0.0.1:{environ['SANDBOX_SOURCE_PORT']}/ecommerce_source"
    return {
        "AIRFLOW_CONN_DATA_ALERTS": json.dumps(slack),
        "SANDBOX_SOURCE_URL": f"postgresql://airflow_extract:{quote(password, safe='')}@{source}",
    }
