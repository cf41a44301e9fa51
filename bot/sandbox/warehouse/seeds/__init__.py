"""The account as a working week left it: databases, roles, warehouses, a month of rows, credits and queries."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.sandbox.warehouse.account import Account
from bot.sandbox.warehouse.grants import ADMIN, Grant
from bot.sandbox.warehouse.monitors import Monitor
from bot.sandbox.warehouse.request import Request
from bot.sandbox.warehouse.road import run
from bot.sandbox.warehouse.seeds.past import record_past
from bot.sandbox.warehouse.sessions import Session
from bot.sandbox.warehouse.texts import split
from bot.sandbox.warehouse.users import User
from bot.sandbox.warehouse.warehouses import Warehouse

_FOLDER = Path(__file__).parent
_ROLES = (
    "PUBLIC",
    ADMIN,
    "SECURITYADMIN",
    "SYSADMIN",
    "ECOMMERCE_LOADER",
    "ECOMMERCE_TRANSFORMER",
    "ANALYST",
    "REPORTER",
    "RUNBOOK_READ",
    "RUNBOOK_CHANGE",
)
_USERS: tuple[tuple[str, str, str, str, str], ...] = (
    ("SVC_LOADER", "ECOMMERCE_LOADER", "LOADING_WH", "ECOMMERCE_RAW", "SERVICE"),
    ("SVC_ECOMMERCE_DBT", "ECOMMERCE_TRANSFORMER", "TRANSFORM_WH", "ECOMMERCE_ANALYTICS", "SERVICE"),
    ("SVC_RUNBOOK", "RUNBOOK_READ", "REPORTING_WH", "ECOMMERCE_ANALYTICS", "SERVICE"),
    ("SVC_DASHBOARD", "REPORTER", "REPORTING_WH", "ECOMMERCE_ANALYTICS", "SERVICE"),
    ("ANALYST_KIM", "ANALYST", "LOADING_WH", "ECOMMERCE_ANALYTICS", "PERSON"),
    ("PLATFORM_ADMIN", ADMIN, "REPORTING_WH", "ECOMMERCE_ANALYTICS", "PERSON"),
)
_PERIOD_BEGAN_DAYS_AGO = 21  # whatever the day of the month, the monitor is three weeks into its period
_QUOTA = 50.0


def plant(account: Account) -> None:
    """Fill an empty account. Raises RuntimeError when a seed statement is refused."""
    now = datetime.now(UTC)
    for role in _ROLES:
        account.grants.create_role(role)
        account.grants.add(Grant("OWNERSHIP", "ROLE", role, ADMIN))
    for described in _USERS:
        account.users[described[0]] = User(*described)
        account.grants.add(Grant("OWNERSHIP", "USER", described[0], ADMIN))
    _add_compute(account, now)
    run_script(account, (_FOLDER / "tables.sql").read_text())
    for statement in split((_FOLDER / "rows.sql").read_text()):
        account.engine.query(statement)
    run_script(account, (_FOLDER / "rbac_setup.sql").read_text())
    record_past(account, now)
    account.compute.recount()


def _add_compute(account: Account, now: datetime) -> None:
    compute = account.compute
    start = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=_PERIOD_BEGAN_DAYS_AGO)
    compute.monitors["LOADING_MONITOR"] = Monitor("LOADING_MONITOR", _QUOTA, start, created=start)
    for warehouse in (
        Warehouse("LOADING_WH", "X-Small", monitor="LOADING_MONITOR", comment="Raw loads"),
        Warehouse("REPORTING_WH", "X-Small", auto_suspend=300, comment="Dashboards and people"),
        Warehouse("TRANSFORM_WH", "Small", comment="dbt"),
    ):
        warehouse.created = start - timedelta(days=90)
        compute.warehouses[warehouse.name] = warehouse
        account.grants.add(Grant("OWNERSHIP", "WAREHOUSE", warehouse.name, "SYSADMIN"))
    account.grants.add(Grant("OWNERSHIP", "RESOURCE MONITOR", "LOADING_MONITOR", ADMIN))


def run_script(account: Account, script: str, role: str = ADMIN) -> list[dict[str, object]]:
    """Run Snowflake statements as the account's owner, unrecorded and unchecked; the payload of each.

    Raises RuntimeError with the statement and the reason at the first one refused.
    """
    session = Session(0, "PLATFORM_ADMIN", role, None, account.engine.lane(), enforce=False)
    answers = []
    try:
        for statement in split(script):
            payload = run(statement, Request(statement, recorded=False), session, account)
            if not payload["success"]:
                raise RuntimeError(f"{statement}: {payload['message']}")
            answers.append(payload)
    finally:
        session.lane.close()
    return answers
