"""SYSTEM$ functions: who may cancel or end whose, and what they answer."""

from types import SimpleNamespace

import pytest

from bot.sandbox.warehouse.errors import Refusal, cancelled
from bot.sandbox.warehouse.jobs import Job
from bot.sandbox.warehouse.rules.system import RULES

CANCEL = "SELECT SYSTEM$CANCEL_QUERY('q')"


@pytest.fixture
def job(account):
    """KIM's running statement on W."""
    made = Job("q", None, 7, "KIM", 0, warehouse="W")
    account.jobs.add(made)
    account.history.write(SimpleNamespace(query_id="q", warehouse="W"))
    return made


CANCELS = [
    ("KIM", None, None),
    ("BOT", ("OPERATE", "WAREHOUSE", "W"), None),
    ("BOT", ("OWNERSHIP", "WAREHOUSE", "W"), None),
    ("BOT", ("MONITOR", "WAREHOUSE", "W"), "003001"),
    ("BOT", ("OPERATE", "WAREHOUSE", "FREE"), "003001"),
    ("BOT", None, "003001"),
]


@pytest.mark.parametrize(("user", "held", "code"), CANCELS)
def test_who_may_cancel(account, job, user, held, code):
    """One's own statements, and those on a warehouse that one may OPERATE."""
    if held:
        account.give("OPS", held)
    if code:
        assert account.refused(RULES, CANCEL, "OPS", user).code == code
        assert job.reason is None
    else:
        found = account.ask(RULES, CANCEL, "OPS", user)
        assert (found.columns[0].name, found.rows) == ("SYSTEM$CANCEL_QUERY('Q')", (("query [q] terminated.",),))
        assert job.reason.code == "000604"


def test_what_does_not_run_cannot_be_cancelled(account, job):
    """A finished or unknown statement is no error, only said to be so; who asks does not matter."""
    account.jobs.remove(job)
    for text in (CANCEL, "select system$cancel_query( 'nope' ) as x"):
        assert account.ask(RULES, text, "READ").rows == (("Identified SQL statement is not currently executing.",),)


def test_a_cancel_with_a_hostile_id_is_another_statement(account):
    """The id is one literal: what tries to get out of it is not this function."""
    with pytest.raises(LookupError):
        account.ask(RULES, "SELECT SYSTEM$CANCEL_QUERY('q') , 1")
    with pytest.raises(LookupError):
        account.ask(RULES, "SELECT SYSTEM$CANCEL_QUERY('a' || 'b')")


@pytest.mark.parametrize("unit", ["", ", 'SECONDS'", ", 'minutes'"])
def test_waiting_ends_with_a_cancel(account, unit):
    """A wait that was stopped raises the reason at once, whatever its length."""
    context = account.context()
    context.job.stop(cancelled())
    (found,) = [
        (handler, match) for pattern, handler in RULES if (match := pattern.match(f"CALL SYSTEM$WAIT(9999{unit})"))
    ]
    with pytest.raises(Refusal, match="SQL execution canceled"):
        found[0](context, found[1])


def test_waiting_says_how_long(account):
    """The answer names amount and unit; an unknown unit is refused; the warehouse is taken."""
    assert account.ask(RULES, "SELECT SYSTEM$WAIT(0)").rows == (("waited 0 seconds",),)
    assert account.refused(RULES, "SELECT SYSTEM$WAIT(1, 'WEEKS')").message.endswith(
        "invalid value 'WEEKS' for parameter 'SYSTEM$WAIT'"
    )
    assert account.compute.warehouses["W"].state == "STARTED"


def test_a_session_is_ended_with_its_statements(account, job):
    """By its user or the administrator; others may not, and an unknown one is told."""
    session = SimpleNamespace(id=7, user="KIM")
    account.sessions.open.append(session)
    end = "SELECT SYSTEM$ABORT_SESSION(7)"
    assert account.refused(RULES, end, "OPS", "BOT").message.endswith(
        "Insufficient privileges to operate on session '7'"
    )
    assert (job.reason, account.sessions.open) == (None, [session])
    account.ask(RULES, end, "READ", "KIM")
    assert (job.reason.code, account.sessions.open) == ("000604", [])
    assert account.refused(RULES, end).code == "001008"
