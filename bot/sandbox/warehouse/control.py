"""What the control interface does to the account. Every function takes and gives plain JSON values."""

import uuid
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.warehouse import account as accounts
from bot.sandbox.warehouse import seeds
from bot.sandbox.warehouse.account import Account
from bot.sandbox.warehouse.errors import cancelled
from bot.sandbox.warehouse.faults import Fault
from bot.sandbox.warehouse.history import Record
from bot.sandbox.warehouse.server import Wire
from bot.sandbox.warehouse.stages import clear_stages
from bot.sandbox.warehouse.warehouses import CREDITS_PER_HOUR

_HOUR = 3600.0


def meter(account: Account, body: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Record past use: `warehouse`, `credits`, and optionally `user`, `role`, `query_text`, `query_tag`, `hours`.

    The credits are spread over the last `hours` (default 3) and one finished query of that user stands for them;
    then the meter is read and the monitors act, as they would have. Raises ValueError or KeyError for bad input.
    """
    warehouse = account.compute.warehouses[str(body["warehouse"]).upper()]
    credits, hours = float(body["credits"]), float(body.get("hours", 3.0))
    if not (0 < credits < 1e6 and 0 < hours <= 72):
        raise ValueError("credits must be in (0, 1e6) and hours in (0, 72]")
    user = str(body.get("user", "ANALYST_KIM")).upper()
    known = account.users[user]
    start = now - timedelta(hours=hours)
    steps = max(1, int(hours * 4))
    for step in range(steps):
        account.compute.meter.add(warehouse.name, credits / steps, start + timedelta(hours=hours * step / steps))
    record = Record(
        query_id=str(uuid.uuid4()),
        text=str(body.get("query_text", "SELECT 1")),
        user=user,
        role=str(body.get("role", known.default_role)).upper(),
        session_id=950_001,
        database="ECOMMERCE_RAW",
        schema="POSTGRES",
        warehouse=warehouse.name,
        size=warehouse.size,
        query_type="SELECT",
        tag=str(body.get("query_tag", "")),
        status="SUCCESS",
        start=start,
        end=now - timedelta(seconds=30),
        rows=1,
        bytes_scanned=int(credits / CREDITS_PER_HOUR[warehouse.size] * _HOUR * 150_000_000),
    )
    account.history.add([record])
    account.compute.tick()
    return {"query_id": record.query_id, **state(account)}


def age_marts(account: Account, days: int) -> dict[str, Any]:
    """Remove the newest `days` days from the marts, so that the newest row is that much older."""
    if not 1 <= days <= 29:
        raise ValueError("days must be from 1 to 29")
    query = account.engine.query
    query("DELETE FROM ECOMMERCE_ANALYTICS.MARTS.FCT_DAILY_REVENUE WHERE DATE > current_date - ?::INTEGER", [days])
    query("DELETE FROM ECOMMERCE_ANALYTICS.MARTS.FCT_ORDERS WHERE ORDER_DATE > current_date - ?::INTEGER", [days])
    customers = "UPDATE ECOMMERCE_ANALYTICS.MARTS.DIM_CUSTOMERS SET LAST_ORDER = "
    query(f"{customers} current_date - $1::INTEGER WHERE LAST_ORDER > current_date - $1::INTEGER", [days])
    newest = query("SELECT max(DATE)::VARCHAR FROM ECOMMERCE_ANALYTICS.MARTS.FCT_DAILY_REVENUE")
    return {"newest": newest[0][0]}


def sql(account: Account, script: str) -> dict[str, Any]:
    """Run Snowflake statements as the owner of everything; not recorded, not checked, no compute."""
    return {"statements": len(seeds.run_script(account, script))}


def faults(account: Account, body: dict[str, Any]) -> dict[str, Any]:
    """Add a fault, see faults.py for its fields.

    `{"clear": true}` removes all first, `{"expire_tokens": true}` makes clients renew their tokens.
    """
    given = dict(body)
    if given.pop("expire_tokens", False):
        account.sessions.expire_tokens()
    if given.pop("clear", False):
        account.faults.clear()
    if given:
        account.faults.add(Fault(**_upper(given)))
    return {"faults": account.faults.listed()}


def _upper(given: dict[str, Any]) -> dict[str, Any]:
    return {k: str(v).upper() if k in ("user", "warehouse") and v else v for k, v in given.items()}


def reset(wire: Wire, body: dict[str, Any]) -> dict[str, Any]:
    """A fresh account, as after a start; running statements are cancelled and every session ends."""
    for job in wire.account.jobs.all():
        job.stop(cancelled())
    clear_stages()
    account = accounts.open_account(wire.account.keys)
    seeds.plant(account)
    wire.account = account
    return state(account)


def state(account: Account) -> dict[str, Any]:
    """Warehouses, monitors, running statements, sessions and faults, with credits counted to this moment."""
    account.compute.recount()
    return {
        "warehouses": [_plain(asdict(w)) for w in account.compute.warehouses.values()],
        "monitors": [_plain(asdict(m)) for m in account.compute.monitors.values()],
        "running": [{"query_id": j.query_id, "user": j.user, "warehouse": j.warehouse} for j in account.jobs.all()],
        "sessions": [
            {"id": s.id, "user": s.user, "role": s.role, "warehouse": s.warehouse} for s in account.sessions.all()
        ],
        "faults": account.faults.listed(),
    }


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in fields.items()}
