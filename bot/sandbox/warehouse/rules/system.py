"""SYSTEM$ functions: cancelling, waiting, ending a session."""

import re

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.results import Column, Result
from bot.sandbox.warehouse.rules import Context, rule

_UNIT_SECONDS = {"MILLISECONDS": 0.001, "SECONDS": 1.0, "MINUTES": 60.0, "HOURS": 3600.0}


def cancel_query(context: Context, match: re.Match[str]) -> Result:
    """Stop a running statement: one's own, or one on a warehouse the role may OPERATE (documented)."""
    query_id = match[2]
    job, record = context.account.jobs.find(query_id), context.account.history.find(query_id)
    if job is None or record is None:
        said = "Identified SQL statement is not currently executing."  # from memory
    else:
        mine = job.user == context.session.user
        if not mine and not context.holds(("OPERATE",), "WAREHOUSE", record.warehouse or ""):
            raise errors.insufficient("query", query_id)
        job.stop(errors.cancelled())
        said = f"query [{query_id}] terminated."  # documented
    return Result((Column(match[1].upper()),), ((said,),))


def wait(context: Context, match: re.Match[str]) -> Result:
    """Take the given time, on the session's warehouse if there is one; a cancel or a timeout ends it at once."""
    amount, unit = int(match[2]), (match[3] or "SECONDS").upper()
    if unit not in _UNIT_SECONDS:
        raise errors.invalid_value(unit, "SYSTEM$WAIT")
    if context.session.warehouse:
        context.take_compute()
    context.job.wait(amount * _UNIT_SECONDS[unit])
    return Result((Column(match[1].upper()),), ((f"waited {amount} {unit.lower()}",),))


def abort_session(context: Context, match: re.Match[str]) -> Result:
    """End a session of one's own, or any session as ACCOUNTADMIN."""
    sessions = context.account.sessions.all()
    found = next((s for s in sessions if str(s.id) == match[2]), None)
    if found is None:
        raise errors.invalid_value(match[2], "session id")
    if found.user != context.session.user and not context.holds(("OWNERSHIP",), "ACCOUNT", "SANDBOX"):
        raise errors.insufficient("session", match[2])
    for job in context.account.jobs.all():
        if job.session_id == found.id:
            job.stop(errors.cancelled())
    context.account.sessions.close(found)
    return Result((Column(match[1].upper()),), ((f"session [{match[2]}] terminated.",),))


RULES = (
    rule(r"SELECT (SYSTEM\$CANCEL_QUERY\(\s*'([^']*)'\s*\))(?: AS \w+)?", cancel_query),
    rule(r"(?:SELECT|CALL) (SYSTEM\$WAIT\(\s*(\d{1,5})\s*(?:,\s*'(\w+)'\s*)?\))", wait),
    rule(r"SELECT (SYSTEM\$ABORT_SESSION\(\s*'?(\d+)'?\s*\))", abort_session),
)
