"""How the supervisor starts the source database (standard library only; psycopg2 where it is used)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.part import HEALTH_TIMEOUT, Context, Part
from bot.sandbox.source.passwords import connection_url, make_passwords

READY = "ready"
"""A file in the part's folder, there once the shop's rows are."""


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """Healthy when the shop is filled and the probes' role can log in."""

    folder: Path
    port: int

    def problem(self) -> str | None:
        """None when a connection works."""
        if not (self.folder / READY).exists():
            return "the shop's tables are being filled"
        import psycopg2

        try:
            url = connection_url(self.folder, self.port, "runbook_read")
            psycopg2.connect(url, connect_timeout=int(HEALTH_TIMEOUT)).close()
        except psycopg2.OperationalError as error:
            return str(error).strip()
        return None


def describe(context: Context) -> Part:
    """PostgreSQL on the port `source`; passwords are written before any part starts, for others to read."""
    folder, port = context.folder("source"), context.port("source")
    python = str(context.python("source"))
    return Part(
        name="source",
        environment="source",
        command=(python, "-m", "bot.sandbox.source", "--port", str(port), "--state", str(folder)),
        health=SourceHealth(folder, port),
        prepare=write_passwords,
        grace=8.0,  # a busy machine needs a while to delete the data folder
    )


def write_passwords(context: Context) -> None:
    """New passwords.json unless one is there; forget an earlier run's readiness."""
    folder = context.folder("source")
    make_passwords(folder)
    (folder / READY).unlink(missing_ok=True)
