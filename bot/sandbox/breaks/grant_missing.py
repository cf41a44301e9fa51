"""Break `grant-missing`: somebody tidied up the grants, and dbt may not create tables in MARTS any more."""

from __future__ import annotations

from bot.sandbox.breaks.incident import Break
from bot.sandbox.breaks.launch import end_runs, launch_run
from bot.sandbox.breaks.running import Running

NAME = "grant-missing"
ADMIN, WAREHOUSE = "PLATFORM_ADMIN", "REPORTING_WH"
SCHEMA, ROLE = "ECOMMERCE_ANALYTICS.MARTS", "ECOMMERCE_TRANSFORMER"
# USAGE stays: without it Snowflake says that the schema "does not exist or not authorized", another incident.
REVOKED = ("CREATE TABLE ON SCHEMA", "ALL ON FUTURE TABLES IN SCHEMA")


def cause(running: Running) -> None:
    """Revoke what dbt needs to build the marts, then run the DAG: dbt_run meets 003001."""
    with running.warehouse(ADMIN, WAREHOUSE) as session, session.cursor() as cursor:
        for privilege in REVOKED:
            cursor.execute(f"REVOKE {privilege} {SCHEMA} FROM ROLE {ROLE}")
            running.tell(f"revoked {privilege} {SCHEMA} from {ROLE}")
    launch_run(running, NAME, "its dbt_run may not create tables in MARTS")


def mend(running: Running) -> None:
    """End the run that meets it, and grant what was revoked."""
    end_runs(running, NAME)
    with running.warehouse(ADMIN, WAREHOUSE) as session, session.cursor() as cursor:
        for privilege in REVOKED:
            cursor.execute(f"GRANT {privilege} {SCHEMA} TO ROLE {ROLE}")
    running.tell(f"{ROLE} holds again what it needs on {SCHEMA}")


BREAK = Break(
    name=NAME,
    title="dbt's role lost CREATE TABLE on MARTS: dbt_run fails with insufficient privileges",
    needs=("warehouse", "airflow"),
    cause=cause,
    mend=mend,
)
