"""Bring a database to the newest schema."""

from pathlib import Path

import sqlalchemy as sa

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(engine: sa.Engine) -> None:
    """Run every migration that this database lacks; safe to call at each start, and by several replicas."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            # A number of our own. Let go at the commit: a session's lock would live on in the pool, and the next
            # replica would wait for it for ever.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7264001)"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
