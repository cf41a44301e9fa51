"""Incidents on demand: one file each, with what causes it (`cause`) and what undoes that (`mend`)."""

from __future__ import annotations

from difflib import get_close_matches

from bot.sandbox.breaks import (
    duplicate_customers,
    grant_missing,
    postgres_lock,
    source_column,
    stale_mart,
    stripe_429,
    warehouse_quota,
)
from bot.sandbox.breaks.incident import Break
from bot.sandbox.breaks.running import Running
from bot.sandbox.errors import SandboxError

BREAKS: dict[str, Break] = {
    one.name: one
    for one in (
        postgres_lock.BREAK,
        source_column.BREAK,
        warehouse_quota.BREAK,
        stale_mart.BREAK,
        stripe_429.BREAK,
        duplicate_customers.BREAK,
        grant_missing.BREAK,
    )
}


def cause_break(name: str, running: Running) -> None:
    """Cause an incident; SandboxError when a part it needs does not run."""
    chosen = find_break(name)
    for part in chosen.needs:
        running.part(part)
    chosen.cause(running)


def mend_break(name: str, running: Running) -> None:
    """Undo what an incident's cause did; SandboxError as above."""
    chosen = find_break(name)
    for part in chosen.needs:
        running.part(part)
    chosen.mend(running)


def find_break(name: str) -> Break:
    """The break of that name; SandboxError names the one that was probably meant."""
    if name in BREAKS:
        return BREAKS[name]
    meant = get_close_matches(name, BREAKS, n=1)
    hint = f"did you mean {meant[0]}?" if meant else f"there are {', '.join(BREAKS)}"
    raise SandboxError(f"there is no break {name}: {hint}")
