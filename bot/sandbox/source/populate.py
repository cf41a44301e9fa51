"""Roles, schema and generated rows of the shop, in one go after the server has started."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection

from bot.sandbox.source.passwords import DATABASE, SUPERUSER, connection_url, read_passwords

READERS = ("airflow_extract", "runbook_read")

SETTINGS = """
GRANT pg_monitor, pg_use_reserved_connections TO runbook_read;
ALTER ROLE runbook_read SET default_transaction_read_only = on;
ALTER ROLE runbook_read SET statement_timeout = '5s';
ALTER ROLE runbook_read SET lock_timeout = '2s';
GRANT pg_signal_backend, pg_read_all_stats, pg_use_reserved_connections TO runbook_change;
ALTER ROLE runbook_change SET statement_timeout = '5s';
"""


def populate(state: Path, port: int) -> None:
    """Make the database of the shop. `runbook_read` can log in only when everything is there (readiness)."""
    make_database(connection_url(state, port, SUPERUSER, "postgres"))
    with psycopg2.connect(connection_url(state, port, SUPERUSER)) as shop:
        create_roles(shop, read_passwords(state))
        fill(shop)
    shop.close()


def make_database(url: str) -> None:
    """CREATE DATABASE, which PostgreSQL refuses inside a transaction."""
    maintenance = psycopg2.connect(url)
    maintenance.autocommit = True
    with maintenance.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    maintenance.close()


def create_roles(shop: connection, passwords: dict[str, str]) -> None:
    """Every role with its password; nobody but them may connect."""
    with shop.cursor() as cursor:
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(DATABASE)))
        for role, password in passwords.items():
            if role == SUPERUSER:
                continue
            names = {"role": sql.Identifier(role), "database": sql.Identifier(DATABASE)}
            cursor.execute(sql.SQL("CREATE ROLE {role} LOGIN PASSWORD %s").format(**names), [password])
            cursor.execute(sql.SQL("GRANT CONNECT ON DATABASE {database} TO {role}").format(**names))
        cursor.execute(SETTINGS)


def fill(shop: connection) -> None:
    """Tables and rows, owned by the application; then what the readers may see."""
    folder = files("bot.sandbox.source")
    with shop.cursor() as cursor:
        cursor.execute("GRANT CREATE ON SCHEMA public TO shop_app")
        cursor.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO shop_app").format(sql.Identifier(DATABASE)))
        cursor.execute("SET ROLE shop_app")
        cursor.execute((folder / "schema.sql").read_text())
        cursor.execute((folder / "data.sql").read_text())
        for reader in READERS:
            grant = sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {0}").format(sql.Identifier(reader))
            cursor.execute(grant)
        cursor.execute("RESET ROLE")
