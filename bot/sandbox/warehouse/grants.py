"""Roles and privileges: who holds what, what future objects will give, which role inherits which."""

import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

ADMIN = "ACCOUNTADMIN"
ALL = {
    "TABLE": ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES"),
    "VIEW": ("SELECT", "REFERENCES"),
    "STAGE": ("READ", "WRITE"),
    "SCHEMA": ("USAGE", "MODIFY", "MONITOR", "CREATE TABLE", "CREATE VIEW", "CREATE STAGE", "CREATE SEQUENCE"),
    "DATABASE": ("USAGE", "MODIFY", "MONITOR", "CREATE SCHEMA"),
    "WAREHOUSE": ("USAGE", "OPERATE", "MONITOR", "MODIFY"),
    "RESOURCE MONITOR": ("MODIFY", "MONITOR"),
    "USER": ("MONITOR",),
}
ACCOUNT_WIDE = ("MONITOR USAGE", "MANAGE GRANTS", "CREATE ROLE", "CREATE WAREHOUSE", "CREATE DATABASE")


@dataclass(frozen=True, slots=True)
class Grant:
    """One privilege on one object, held by one role. `name` is upper case and fully qualified."""

    privilege: str
    kind: str
    name: str
    role: str
    granted_by: str = field(default=ADMIN, compare=False)
    option: bool = field(default=False, compare=False)
    created: datetime = field(default_factory=lambda: datetime.now(UTC), compare=False)


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """A role held by a user (`to_kind` USER) or by another role (ROLE)."""

    role: str
    to_kind: str
    to: str
    granted_by: str = field(default=ADMIN, compare=False)
    created: datetime = field(default_factory=lambda: datetime.now(UTC), compare=False)


class Grants:
    """All grants of the account. Thread-safe; every answer is a copy in the order in which it was granted."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._held: dict[Grant, Grant] = {}
        self._future: dict[Grant, Grant] = {}
        self._members: dict[RoleGrant, RoleGrant] = {}
        self.roles: dict[str, datetime] = {}

    def create_role(self, name: str) -> None:
        """Add the role; a role that is there stays as it is."""
        self.roles.setdefault(name, datetime.now(UTC))

    def drop_role(self, name: str) -> None:
        """Remove the role and everything granted to it or of it."""
        with self._lock:
            self.roles.pop(name, None)
            self._held = {g: held for g, held in self._held.items() if g.role != name}
            self._future = {g: held for g, held in self._future.items() if g.role != name}
            gone = [m for m in self._members if name == m.role or (m.to_kind, m.to) == ("ROLE", name)]
            for member in gone:
                del self._members[member]

    def add(self, grant: Grant, *, future: bool = False) -> None:
        """Give the privilege; `future` means to objects made later, `name` then is the database or schema.

        One that is held stays as it was given, but for the grant option, which is added to it.
        """
        with self._lock:
            held = self._future if future else self._held
            if grant.option or grant not in held:
                held[grant] = replace(held.get(grant, grant), option=grant.option)

    def remove(self, grant: Grant, *, future: bool = False) -> bool:
        """Take the privilege back; False when the role did not hold it."""
        with self._lock:
            return (self._future if future else self._held).pop(grant, None) is not None

    def remove_option(self, grant: Grant, *, future: bool = False) -> None:
        """Take only the grant option back; the privilege itself stays."""
        with self._lock:
            held = self._future if future else self._held
            if grant in held:
                held[grant] = replace(held[grant], option=False)

    def add_member(self, member: RoleGrant) -> None:
        """Give a role to a user or to another role."""
        with self._lock:
            self._members.setdefault(member, member)

    def remove_member(self, member: RoleGrant) -> bool:
        """Take a role back; False when it was not held."""
        with self._lock:
            return self._members.pop(member, None) is not None

    def inherited(self, role: str) -> set[str]:
        """The role itself, every role granted to it at any depth, PUBLIC, and what was granted to that."""
        with self._lock:
            children: dict[str, list[str]] = {}
            for member in self._members:
                if member.to_kind == "ROLE":
                    children.setdefault(member.to, []).append(member.role)
        found: set[str] = set()
        todo = [role, "PUBLIC"]
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo += children.get(name, [])
        return found

    def may_use_role(self, user: str, role: str) -> bool:
        """True when the role exists and the user holds it, directly or through another."""
        direct = {m.role for m in self.of_user(user)}
        return role in self.roles and (role == "PUBLIC" or any(role in self.inherited(r) for r in direct))

    def holds(self, role: str, privileges: tuple[str, ...], kind: str, name: str) -> bool:
        """True when the role holds one of the privileges on the object, or owns it."""
        roles = self.inherited(role)
        if ADMIN in roles:
            return True
        wanted = (*privileges, "OWNERSHIP")
        with self._lock:
            return any(Grant(p, kind, name, r) in self._held for p in wanted for r in roles)

    def sees(self, role: str, kind: str, name: str) -> bool:
        """True when the role holds any privilege at all on the object."""
        roles = self.inherited(role)
        if ADMIN in roles:
            return True
        with self._lock:
            return any(g.kind == kind and g.name == name and g.role in roles for g in self._held)

    def on_new(self, kind: str, name: str, owner: str) -> None:
        """An object was made: its owner owns it, and future grants of its schema and database apply.

        Documented: a future grant of OWNERSHIP makes that role the owner instead.
        """
        parts = name.split(".")
        with self._lock:
            mine = [g for g in self._future.values() if g.kind == kind]
            in_schema = [g for g in mine if len(parts) == 3 and g.name == ".".join(parts[:2])]
            # Documented: where a schema has future grants for a kind, those of its database do not apply.
            given = in_schema or [g for g in mine if g.name == parts[0]]
            if not any(future.privilege == "OWNERSHIP" for future in given):
                self.add(Grant("OWNERSHIP", kind, name, owner, granted_by=owner))
            for future in given:
                self.add(Grant(future.privilege, kind, name, future.role, future.granted_by, future.option))

    def on_dropped(self, kind: str, name: str) -> None:
        """An object is gone, and what was granted on it or below it."""
        below = name + "."
        with self._lock:
            self._held = {
                g: held
                for g, held in self._held.items()
                if not (g.kind == kind and g.name == name)
                and not (kind in ("SCHEMA", "DATABASE") and g.name.startswith(below))
            }

    def owner_of(self, kind: str, name: str) -> str | None:
        """The role that owns the object."""
        return next((g.role for g in self.on(kind, name) if g.privilege == "OWNERSHIP"), None)

    def owners_of(self, kind: str, database: str) -> dict[str, str]:
        """The owner of each object of that kind in the database, by its full name."""
        with self._lock:
            mine = [g for g in self._held if g.kind == kind and g.name.startswith(f"{database}.")]
        return {g.name: g.role for g in mine if g.privilege == "OWNERSHIP"}

    def on(self, kind: str, name: str) -> list[Grant]:
        """Everything granted on one object."""
        with self._lock:
            return [g for g in self._held.values() if g.kind == kind and g.name == name]

    def to_role(self, role: str, *, future: bool = False) -> list[Grant]:
        """Everything granted to a role itself, without what it inherits."""
        with self._lock:
            return [g for g in (self._future if future else self._held).values() if g.role == role]

    def future_in(self, scope: str) -> list[Grant]:
        """Future grants in a database or schema, by its qualified name."""
        with self._lock:
            return [g for g in self._future.values() if g.name == scope]

    def members_of(self, role: str) -> list[RoleGrant]:
        """Who holds the role."""
        with self._lock:
            return [m for m in self._members.values() if m.role == role]

    def roles_of_role(self, role: str) -> list[RoleGrant]:
        """Roles granted to the role."""
        with self._lock:
            return [m for m in self._members.values() if m.to_kind == "ROLE" and m.to == role]

    def of_user(self, user: str) -> list[RoleGrant]:
        """Roles granted to the user."""
        with self._lock:
            return [m for m in self._members.values() if m.to_kind == "USER" and m.to == user]
