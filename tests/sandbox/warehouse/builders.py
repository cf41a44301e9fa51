"""An account without an engine: real grants, compute and jobs, a meter and a history in memory, a clock that stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from bot.sandbox.warehouse.compute import Compute
from bot.sandbox.warehouse.errors import Refusal
from bot.sandbox.warehouse.grants import Grant, Grants, RoleGrant
from bot.sandbox.warehouse.jobs import Job, Jobs
from bot.sandbox.warehouse.monitors import Monitor
from bot.sandbox.warehouse.rules import Context, Rule
from bot.sandbox.warehouse.sessions import Session
from bot.sandbox.warehouse.users import User
from bot.sandbox.warehouse.warehouses import Warehouse

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
OBJECTS = {"D.S.T": "TABLE", "D.S.U": "TABLE", "D.S.V": "VIEW", "D.OTHER.T": "TABLE"}


@dataclass
class FakeClock:
    """Time that passes on demand."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **given: float) -> None:
        """Let that much time pass."""
        self.now += timedelta(**given)


@dataclass
class FakeMeter:
    """Credits by warehouse, each with its moment."""

    charges: list[tuple[str, float, datetime]] = field(default_factory=list)

    def add(self, warehouse: str, compute: float, at: datetime, cloud: float = 0.0) -> None:
        self.charges.append((warehouse, compute + cloud, at))

    def used(self, warehouses: list[str], since: datetime) -> float:
        return sum(credits for name, credits, at in self.charges if name in warehouses and at >= since)


class FakeEngine:
    """Knows that objects exist, and nothing of what is in them."""

    def has_database(self, name: str) -> bool:
        return name == "D"

    def has_schema(self, database: str, name: str) -> bool:
        return (database, name) in (("D", "S"), ("D", "OTHER"))

    def kind_of(self, database: str, schema: str, name: str) -> str | None:
        return OBJECTS.get(f"{database}.{schema}.{name}")

    def has_stage(self, database: str, schema: str, name: str) -> bool:
        return (database, schema, name) == ("D", "S", "LANDING")

    def schemas_of(self, database: str) -> list[str]:
        return ["OTHER", "S"]

    def objects_in(self, database: str, schema: str | None) -> list[tuple[str, str, str]]:
        found = [(*name.split(".")[1:], kind) for name, kind in OBJECTS.items()]
        return [(s, n, k) for s, n, k in found if schema in (None, s)]


class FakeHistory:
    """Records that a test put there."""

    def __init__(self) -> None:
        self.records: dict[str, Any] = {}

    def find(self, query_id: str) -> Any:
        return self.records.get(query_id)

    def write(self, record: Any) -> None:
        self.records[record.query_id] = record


class FakeSessions:
    """Open sessions, and those that were closed."""

    def __init__(self) -> None:
        self.open: list[Any] = []

    def all(self) -> list[Any]:
        return list(self.open)

    def close(self, session: Any) -> None:
        self.open.remove(session)


@dataclass
class Account:
    """What rules see of an account, and a way to run them."""

    clock: FakeClock = field(default_factory=FakeClock)
    grants: Grants = field(default_factory=Grants)
    jobs: Jobs = field(default_factory=Jobs)
    meter: FakeMeter = field(default_factory=FakeMeter)
    engine: FakeEngine = field(default_factory=FakeEngine)
    history: FakeHistory = field(default_factory=FakeHistory)
    sessions: FakeSessions = field(default_factory=FakeSessions)
    users: dict[str, User] = field(default_factory=dict)
    policies: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    compute: Any = None

    def __post_init__(self) -> None:
        self.compute = Compute(self.meter, self.jobs, self.clock)  # type: ignore[arg-type]
        self.compute.monitors["M"] = Monitor("M", 50.0, NOW - timedelta(days=20), created=NOW)
        for warehouse in (Warehouse("W", monitor="M"), Warehouse("FREE", "Medium", auto_suspend=300)):
            warehouse.created = warehouse.updated = NOW
            self.compute.warehouses[warehouse.name] = warehouse
        for role in ("PUBLIC", "ACCOUNTADMIN", "OPS", "READ", "OWNER"):
            self.grants.create_role(role)
            self.grants.add(Grant("OWNERSHIP", "ROLE", role, "ACCOUNTADMIN"))
        for user, role in (("ROOT", "ACCOUNTADMIN"), ("KIM", "READ"), ("BOT", "OPS")):
            self.users[user] = User(user, role, "W")
            self.grants.add_member(RoleGrant(role, "USER", user))

    def give(self, role: str, *held: tuple[str, str, str]) -> None:
        """Grant (privilege, kind, name) to a role."""
        for privilege, kind, name in held:
            self.grants.add(Grant(privilege, kind, name, role))

    def session(self, role: str, user: str = "KIM", **fields: Any) -> Session:
        """A session in D.S on warehouse W."""
        lane: Any = SimpleNamespace(database="D", schema="S")
        return Session(7, user, role, "W", lane, **fields)

    def context(self, role: str = "ACCOUNTADMIN", user: str = "KIM", **fields: Any) -> Context:
        """What a rule gets for a statement of that role."""
        session = self.session(role, user, **fields)
        job = Job("query-1", None, session.id, user, 0)
        return Context(self, session, job, SimpleNamespace(query_id="query-1", size=None))  # type: ignore[arg-type]

    def ask(self, rules: tuple[Rule, ...], text: str, role: str = "ACCOUNTADMIN", user: str = "KIM") -> Any:
        """The result of the first rule that fits; Refusal when it refuses, LookupError when none fits."""
        context = self.context(role, user)
        for pattern, handler in rules:
            if match := pattern.match(text):
                return handler(context, match)
        raise LookupError(text)

    def rows(self, rules: tuple[Rule, ...], text: str, role: str = "ACCOUNTADMIN", user: str = "KIM") -> list[Any]:
        """The rows of a result, by column name."""
        found = self.ask(rules, text, role, user)
        return [dict(zip([c.name for c in found.columns], row, strict=True)) for row in found.rows]

    def refused(self, rules: tuple[Rule, ...], text: str, role: str = "ACCOUNTADMIN", user: str = "KIM") -> Refusal:
        """The refusal of a statement."""
        try:
            self.ask(rules, text, role, user)
        except Refusal as refusal:
            return refusal
        raise AssertionError(f"not refused: {text}")
