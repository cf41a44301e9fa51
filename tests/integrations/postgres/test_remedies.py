"""Ending a session: the state that is planned on, the words of a plan, and what happens when it is carried out."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import AccessDenied, IntegrationError, RemedyRefused, Unreachable
from bot.integrations.postgres.probes.backend import BackendArguments
from bot.integrations.postgres.probes.locks import WAITING
from bot.integrations.postgres.remedies import (
    TARGET,
    TERMINATE,
    TERMINATE_BACKEND,
    Target,
    perform_terminate,
    plan_terminate,
    read_target,
    target_from,
)
from bot.remediation.remedy import Command
from tests.integrations.postgres.builders import BEGAN, IN_CAIRO, postgres, session, unseen, waiting

TYPICAL = TERMINATE_BACKEND.typical
END = Command("terminate_backend", "SELECT …", {"pid": 4711, "backend_start": BEGAN.isoformat()})


def plan(scope: Scope, state: Target = TYPICAL, start: str = "") -> Any:
    """What would be done to session 4711."""
    return plan_terminate(BackendArguments(4711, start), state, scope)


def test_the_state_is_the_session_and_who_waits_behind_it(scope: Scope) -> None:
    """Directly behind it: others in between can go on only after those."""
    rows = [waiting(2, 4711), waiting(3, 4711, 2), waiting(4, 2)]
    client = postgres({TARGET: [session(xact_start=IN_CAIRO)], WAITING: rows})
    state = read_target(client, BackendArguments(4711), scope)
    assert [one.parameters for one in client.asked] == [(4711,), (50,)]
    assert (state.blocks, state.backend_start, state.transaction_start) == (2, BEGAN, BEGAN)
    assert (state.user, state.application, state.state) == ("shop_app", "checkout", "idle in transaction")
    assert (state.query, state.transaction_age_s) == ("UPDATE orders SET x = 1", 312.4)


def test_a_session_that_is_gone_has_no_state() -> None:
    """Whoever still waits, waits for somebody else."""
    assert target_from([], [waiting(2, 4711)]) == Target(exists=False)


def test_a_session_that_cannot_be_seen_is_never_ended(scope: Scope) -> None:
    """Without its start it could be another one by the time of the approval."""
    state = target_from([unseen()], [])
    assert (state.exists, state.backend_start, state.backend_type) == (True, None, "")
    for start in ("", "unknown", BEGAN.isoformat()):  # as a card shows a start that is not known
        with pytest.raises(RemedyRefused, match=r"may not see when session 4711 began; grant pg_monitor to its read"):
            plan(scope, state, start)


@pytest.mark.parametrize(
    ("but", "said"),
    [
        ({"blocks": 0}, "Nobody waits behind it now."),
        ({"blocks": 1}, "1 session behind it can go on."),
        ({"blocks": 2}, "2 sessions behind it can go on."),
        ({"application": ""}, "Ends 1 session of shop_app, idle in transaction"),
        ({"state": ""}, "(checkout-migration), state unknown, in a transaction"),
        ({"transaction_age_s": 0.0}, "idle in transaction; what it has not committed"),
        ({"transaction_age_s": 59.9}, "for 59 s; "),
        ({"transaction_age_s": 60.0}, "for 1 min 0 s; "),
        ({"transaction_age_s": 7261.0}, "for 121 min 1 s; "),
    ],
)
def test_the_blast_radius_says_whom_it_touches(but: dict[str, Any], said: str, scope: Scope) -> None:
    """Each part is there only where there is something to say."""
    assert said in plan(scope, replace(TYPICAL, **but)).blast_radius


@pytest.mark.parametrize(
    ("but", "why"),
    [
        ({"backend_type": "autovacuum worker"}, "is no client's session (autovacuum worker)"),
        ({"backend_type": ""}, "is no client's session (unknown)"),
        ({"is_superuser": True, "is_ours": True}, "belongs to the superuser shop_app"),
        ({"is_ours": True}, "belongs to the bot itself"),
    ],
)
def test_what_is_not_ended_from_slack_says_why(but: dict[str, Any], why: str, scope: Scope) -> None:
    """Whoever clicked reads one sentence."""
    with pytest.raises(RemedyRefused) as refused:
        plan(scope, replace(TYPICAL, **but))
    assert str(refused.value) == f"Session 4711 {why}, so the bot does not end it."


def test_the_plan_covers_the_transaction(scope: Scope) -> None:
    """A pooled session that has gone on to other work is another thing to end: its plan is another one."""
    begun = replace(TYPICAL, transaction_start=BEGAN)
    later = replace(TYPICAL, transaction_start=BEGAN + timedelta(seconds=1))
    first, second = plan(scope, begun).commands[0], plan(scope, later).commands[0]
    assert first.text == second.text
    assert first.arguments["transaction_start"] == BEGAN.isoformat()
    assert first.arguments != second.arguments
    assert plan(scope).commands[0].arguments["transaction_start"] == ""


def test_whether_it_helped_is_asked_of_that_very_session(scope: Scope) -> None:
    """A new session with its pid does not count as "still there"."""
    verification = plan(scope).verification
    assert verification.probe == "postgres.backend"
    assert verification.arguments == {"pid": 4711, "backend_start": "2026-11-02T05:58:11.204816+00:00"}


def test_ending_names_pid_and_start(scope: Scope) -> None:
    """One statement, both bound: the session that is looked at is the one that is ended."""
    client = postgres({TERMINATE: [{"is_hidden": False, "terminated": True}]})
    assert perform_terminate(client, END, scope) == "Ended session 4711."
    assert [one.parameters for one in client.changed] == [(4711, BEGAN.isoformat())]


@pytest.mark.parametrize(
    ("rows", "error", "words"),
    [
        ([{"is_hidden": True, "terminated": None}], AccessDenied, "may not see when sessions began"),
        ([{"is_hidden": False, "terminated": False}], IntegrationError, "session 4711 could not be ended"),
        ([{"is_hidden": False, "terminated": None}], IntegrationError, "session 4711 could not be ended"),
    ],
)
def test_what_did_not_happen_is_an_error(
    rows: list[dict[str, Any]], error: type[IntegrationError], words: str, scope: Scope
) -> None:
    """Nobody reads "ended" where nothing was."""
    with pytest.raises(error, match=words):
        perform_terminate(postgres({TERMINATE: rows}), END, scope)


def test_a_second_time_is_no_error(scope: Scope) -> None:
    """After a crash the bot tries again: the session is gone, as was wanted."""
    assert perform_terminate(postgres({TERMINATE: []}), END, scope) == "Session 4711 had ended already."


def test_a_server_that_is_down_is_told(scope: Scope) -> None:
    """And nothing is said to have been done."""
    with pytest.raises(Unreachable):
        perform_terminate(postgres({TERMINATE: Unreachable("postgres", "down")}), END, scope)
