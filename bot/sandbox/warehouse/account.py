"""The account: everything the stand-in knows, put together once per start (or reset)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.sandbox.warehouse.compute import Compute
from bot.sandbox.warehouse.engine import Engine
from bot.sandbox.warehouse.faults import Faults
from bot.sandbox.warehouse.grants import Grants
from bot.sandbox.warehouse.history import History
from bot.sandbox.warehouse.jobs import Jobs
from bot.sandbox.warehouse.kept import Results
from bot.sandbox.warehouse.logins import Logins
from bot.sandbox.warehouse.metering import Meter
from bot.sandbox.warehouse.sessions import Sessions
from bot.sandbox.warehouse.uploads import Uploads
from bot.sandbox.warehouse.users import NetworkPolicy, User


@dataclass(frozen=True, slots=True)
class Account:
    """One Snowflake account; `keys` is the folder of public keys."""

    keys: Path
    engine: Engine
    grants: Grants
    history: History
    logins: Logins
    jobs: Jobs
    compute: Compute
    sessions: Sessions
    faults: Faults
    results: Results = field(default_factory=Results)
    uploads: Uploads = field(default_factory=Uploads)
    users: dict[str, User] = field(default_factory=dict)
    policies: dict[str, NetworkPolicy] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)  # those set on the account
    planted: datetime = field(default_factory=lambda: datetime.now(UTC))
    altered: dict[str, datetime] = field(default_factory=dict)  # when a statement last changed a table, by full name


def open_account(keys: Path) -> Account:
    """An empty account; seeds.plant fills it."""
    engine, jobs = Engine(), Jobs()
    return Account(
        keys=keys,
        engine=engine,
        grants=Grants(),
        history=History(engine),
        logins=Logins(engine),
        jobs=jobs,
        compute=Compute(Meter(engine), jobs),
        sessions=Sessions(),
        faults=Faults(),
    )


def tick(account: Account) -> None:
    """What happens by itself: timeouts, metering, monitors, auto-suspend, forgotten sessions."""
    account.jobs.expire()
    account.compute.tick()
    account.sessions.forget_idle()
