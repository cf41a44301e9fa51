"""PostgreSQL as a source of the platform: who blocks whom, how busy it is, and ending one session."""

from bot.flow.integration import Environment, Integration
from bot.integrations.postgres.client import PostgresClient, connect
from bot.integrations.postgres.probes import PROBES
from bot.integrations.postgres.remedies import REMEDIES

READ_SETTING, CHANGE_SETTING = "SOURCE_DATABASE_URL", "SOURCE_DATABASE_CHANGE_URL"


def connect_read(environment: Environment) -> PostgresClient | None:
    """A client that only reads."""
    return connect(environment.get(READ_SETTING), READ_SETTING)


def connect_change(environment: Environment) -> PostgresClient | None:
    """A client that may end sessions; its role should be able to do nothing else."""
    return connect(environment.get(CHANGE_SETTING), CHANGE_SETTING, may_change=True)


INTEGRATION: Integration[PostgresClient] = Integration(
    name="postgres",
    title="PostgreSQL",
    connect_read=connect_read,
    connect_change=connect_change,
    probes=PROBES,
    check="postgres.connectivity",
    remedies=REMEDIES,
)
