"""Airflow as the platform's scheduler: why a task failed, whether it retries, today's run; running a DAG."""

from bot.flow.integration import Environment, Integration
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.probes import PROBES
from bot.integrations.airflow.remedies import REMEDIES
from bot.integrations.airflow.settings import read_settings


def connect_read(environment: Environment) -> AirflowClient | None:
    """A client that only reads."""
    settings = read_settings(environment)
    return None if settings is None else AirflowClient(settings)


def connect_change(environment: Environment) -> AirflowClient | None:
    """A client that may trigger runs. Airflow knows the bot by one login: that of reading."""
    settings = read_settings(environment)
    return None if settings is None else AirflowClient(settings, may_change=True, size=2)


INTEGRATION: Integration[AirflowClient] = Integration(
    name="airflow",
    title="Airflow",
    connect_read=connect_read,
    connect_change=connect_change,
    probes=PROBES,
    check="airflow.scheduler",
    remedies=REMEDIES,
)
