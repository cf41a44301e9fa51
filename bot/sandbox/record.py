"""`<state>/sandbox.json`: what a running sandbox tells other terminals and tests about itself."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.sandbox.bot_part import bot_variables, read_airflow_passwords
from bot.sandbox.errors import SandboxError
from bot.sandbox.lock import is_held
from bot.sandbox.part import Context
from bot.sandbox.source.passwords import connection_url

Record = dict[str, Any]
ACCOUNT = "sandbox"


def make_record(context: Context, names: frozenset[str], pids: Mapping[str, int], bot_mode: str) -> Record:
    """The record of the parts in `names`; a part that does not run has no entry."""
    sections: dict[str, Callable[[Context], Record]] = {
        "slack": slack_section,
        "source": source_section,
        "warehouse": warehouse_section,
        "airflow": airflow_section,
        "stripe": lambda context: {"url": context.url("stripe")},
        "dashboard": lambda context: {"url": context.url("dashboard")},
    }
    record: Record = {name: section(context) for name, section in sections.items() if name in names}
    if "bot" in names:
        record["bot"] = {"url": context.url("bot"), "mode": bot_mode}
    record["environment"] = bot_variables(context, names, bot_mode)
    record["pids"] = dict(pids)
    record |= {"state": str(context.state), "environments": str(context.environments)}
    return record


def slack_section(context: Context) -> Record:
    """Where the Slack stand-in listens."""
    return {"url": context.url("slack")}


def source_section(context: Context) -> Record:
    """A libpq URL for each kind of visitor."""
    folder, port = context.folder("source"), context.port("source")
    roles = {"read": "runbook_read", "change": "runbook_change", "app": "shop_app", "admin": "postgres"}
    return {f"{visitor}_url": connection_url(folder, port, role) for visitor, role in roles.items()}


def warehouse_section(context: Context) -> Record:
    """What a connector needs besides a user."""
    port = context.port("warehouse")
    return {"host": "127.0.0.1", "port": port, "account": ACCOUNT, "keys": str(context.keys())}


def airflow_section(context: Context) -> Record:
    """The bot's login and the administrator's password."""
    passwords = read_airflow_passwords(context.folder("airflow"))
    return {
        "url": context.url("airflow"),
        "username": "runbook",
        "password": passwords["runbook"],
        "admin_password": passwords["admin"],
    }


def write_record(state: Path, record: Record) -> None:
    """Write sandbox.json (0600: it holds passwords), whole or not at all."""
    draft = state / "sandbox.json.new"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(record, file, indent=2)
    draft.replace(state / "sandbox.json")


def read_record(state: Path) -> Record:
    """The record of the sandbox that runs on `state`; SandboxError when none does, or it is not ready yet."""
    if not is_held(state):
        raise SandboxError(f"no sandbox runs on {state}: start one with `runbook sandbox`, or name its --state")
    try:
        record: Record = json.loads((state / "sandbox.json").read_text())
    except FileNotFoundError:
        raise SandboxError(f"the sandbox on {state} is still starting: try again when it says ready") from None
    return record
