"""dbt as the platform's models and tests: what failed, what it is made of and what is made of it."""

from bot.flow.integration import Environment, Integration
from bot.integrations.dbt.client import ArtifactsClient
from bot.integrations.dbt.places import open_place
from bot.integrations.dbt.probes import PROBES
from bot.integrations.dbt.settings import read_settings


def connect_read(environment: Environment) -> ArtifactsClient | None:
    """A client of the artifacts' place."""
    settings = read_settings(environment)
    return None if settings is None else ArtifactsClient(open_place(settings))


def connect_change(_environment: Environment) -> None:
    """Nothing: files are only read, and a model is run again where it always runs (Airflow)."""
    return


INTEGRATION: Integration[ArtifactsClient] = Integration(
    name="dbt",
    title="dbt",
    connect_read=connect_read,
    connect_change=connect_change,
    probes=PROBES,
    check="dbt.run_results",
    threads=2,
)
