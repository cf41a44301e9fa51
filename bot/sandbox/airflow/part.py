"""What the supervisor must know to start Airflow. Standard library only."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass

from bot.sandbox.airflow.configuration import write_passwords
from bot.sandbox.part import HEALTH_TIMEOUT, Context, Part
from bot.sandbox.stripe.part import EXTRACT_KEY

COMPONENTS = ("metadatabase", "scheduler", "dag_processor")


@dataclass(frozen=True, slots=True)
class AirflowHealth:
    """Healthy when tasks could start: every component says so, and the API that tasks report to is built.

    Airflow builds that API at its first request, which takes seconds in which it answers nobody.
    """

    url: str

    def problem(self) -> str | None:
        """None, or which component is not healthy, or why nobody answers."""
        try:
            self._ask("/execution/health")
            return _read_health(self._ask("/api/v2/monitor/health"))
        except (OSError, ValueError) as unreachable:
            return f"{self.url}: {unreachable}"

    def _ask(self, path: str) -> dict[str, dict[str, str]]:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=HEALTH_TIMEOUT) as answer:  # noqa: S310 - our own
            found: dict[str, dict[str, str]] = json.load(answer)
            return found


def _read_health(health: dict[str, dict[str, str]]) -> str | None:
    ill = [name for name in COMPONENTS if health.get(name, {}).get("status") != "healthy"]
    return f"Airflow is not healthy yet: {', '.join(ill)}" if ill else None


def describe(context: Context) -> Part:
    """Airflow after the systems its DAG reads and writes, so that today's first run finds them."""
    return Part(
        name="airflow",
        environment="airflow",
        also_needs=("dbt",),
        depends_on=("slack", "source", "stripe", "warehouse"),
        command=(
            str(context.python("airflow")),
            *("-m", "bot.sandbox.airflow"),
            *("--port", str(context.port("airflow"))),
            *("--state", str(context.folder("airflow"))),
        ),
        health=AirflowHealth(context.url("airflow")),
        variables={
            "SANDBOX_SLACK_API_URL": f"{context.url('slack')}/api/",
            "SANDBOX_SOURCE_PORT": str(context.port("source")),
            "SANDBOX_SOURCE_PASSWORDS": str(context.folder("source") / "passwords.json"),
            "SANDBOX_STRIPE_URL": context.url("stripe"),
            "SANDBOX_STRIPE_KEY": EXTRACT_KEY,
            "SANDBOX_WAREHOUSE_PORT": str(context.port("warehouse")),
            "SANDBOX_KEYS": str(context.keys()),
            "SANDBOX_DBT": str(context.python("dbt").with_name("dbt")),
            "SANDBOX_FOLDER": str(context.folder("airflow")),
        },
        prepare=write_logins,
        deadline=180.0,
    )


def write_logins(context: Context) -> None:
    """The users' passwords, before anything starts: the bot is given its own."""
    write_passwords(context.folder("airflow") / "passwords.json")
