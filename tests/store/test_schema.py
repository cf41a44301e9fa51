"""Migrations: they build what the queries expect, at each start, by several at once."""

import select
import subprocess
import sys

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.store.database import Database, engine_for
from bot.store.tables import metadata
from tests.store.conftest import REAL


def test_the_migrations_build_the_tables(database: Database) -> None:
    """No difference between what the migrations made and what tables.py says."""
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_one_open_incident_a_key_is_the_databases_own_rule(database: Database) -> None:
    """The unique index covers open incidents only."""
    row = {"channel": "C1", "alert_ts": "1", "opened_at": "1", "last_seen_at": "1", "alerts": 1, "body": "{}"}
    insert = sa.insert(metadata.tables["incidents"])
    with database.engine.begin() as connection:
        connection.execute(insert.values(id="1", key="k", state="resolved", **row))
        connection.execute(insert.values(id="2", key="k", state="resolved", **row))
        connection.execute(insert.values(id="3", key="k", state="remedying", **row))
    with pytest.raises(sa.exc.IntegrityError), database.engine.begin() as connection:
        connection.execute(insert.values(id="4", key="k", state="open", **row))


REPLICA = """
import sys
from bot.store.database import engine_for
from bot.store.schema import upgrade
engine = engine_for(sys.argv[1])
upgrade(engine)
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("kind", REAL)
def test_replicas_that_start_together_upgrade_once(kind: str, request: pytest.FixtureRequest) -> None:
    """Each ends with the newest schema and none waits for another to end: they all stay up, as replicas do."""
    url = request.getfixturevalue(kind)
    Database(url).close()
    start = [sys.executable, "-c", REPLICA, url]
    replicas = [subprocess.Popen(start, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    try:
        assert [line_within(replica, 20) for replica in replicas] == ["ready"] * 3
        engine = engine_for(url)
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        engine.dispose()
    finally:
        for replica in replicas:
            replica.kill()
            replica.communicate()


def line_within(process: subprocess.Popen[str], seconds: float) -> str:
    """The next line that the process says, "" when it says none in time."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], seconds)
    return process.stdout.readline().strip() if ready else ""
