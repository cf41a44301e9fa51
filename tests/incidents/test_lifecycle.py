"""The table of moves: which an incident may make, and who is on it afterwards."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.incidents.incident import Incident, State
from bot.incidents.lifecycle import MOVES, MoveRefused, acknowledge, begin_remedy, end_remedy, resolve

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
OPEN = Incident("inc-1", "stale_data", "orders is stale", "P2", "stale_data|orders", "C1", "1.0", NOW, NOW)
ACKNOWLEDGED = replace(OPEN, state=State.ACKNOWLEDGED, acknowledged_by="UANN")
REMEDYING = replace(OPEN, state=State.REMEDYING, acknowledged_by="UANN")
RESOLVED = replace(OPEN, state=State.RESOLVED, resolved_by="UANN", resolved_at=NOW)


def test_every_state_has_its_moves() -> None:
    """The table is complete, and nothing leaves `resolved`: a new alert opens a new incident."""
    assert set(MOVES) == set(State)
    assert MOVES[State.RESOLVED] == frozenset()


def test_acknowledging_names_the_person() -> None:
    """Whoever says so is on it."""
    assert acknowledge(OPEN, "UANN") == replace(OPEN, state=State.ACKNOWLEDGED, acknowledged_by="UANN")


@pytest.mark.parametrize("incident", [ACKNOWLEDGED, REMEDYING], ids=["acknowledged", "remedying"])
def test_nobody_takes_an_incident_from_whoever_is_on_it(incident: Incident) -> None:
    """A second acknowledgement is refused and says who has it, also while a remedy runs."""
    with pytest.raises(MoveRefused, match="<@UANN>"):
        acknowledge(incident, "UBOB")


@pytest.mark.parametrize(
    "move",
    [
        lambda one: acknowledge(one, "UBOB"),
        lambda one: begin_remedy(one, "UBOB"),
        lambda one: resolve(one, "", NOW, ""),
    ],
    ids=["acknowledge", "begin_remedy", "resolve"],
)
def test_a_resolved_incident_stays_resolved(move: Callable[[Incident], Incident]) -> None:
    """Every move away from `resolved` is refused, and the refusal says where it stands."""
    with pytest.raises(MoveRefused, match="resolved"):
        move(RESOLVED)


def test_a_remedy_puts_its_approver_on_an_incident_that_nobody_has() -> None:
    """Whoever approved is on it; whoever was on it before stays."""
    assert begin_remedy(OPEN, "UBOB").acknowledged_by == "UBOB"
    assert begin_remedy(ACKNOWLEDGED, "UBOB").acknowledged_by == "UANN"


def test_a_second_remedy_changes_nothing() -> None:
    """Two remedies at once leave the incident as the first made it."""
    assert begin_remedy(REMEDYING, "UBOB") is REMEDYING


def test_a_remedy_that_did_not_help_gives_the_incident_back() -> None:
    """It goes to whoever is on it, not to nobody."""
    assert end_remedy(REMEDYING) == replace(ACKNOWLEDGED)


@pytest.mark.parametrize("incident", [OPEN, ACKNOWLEDGED, RESOLVED], ids=lambda one: one.state.value)
def test_the_end_of_a_remedy_moves_nothing_else(incident: Incident) -> None:
    """Somebody resolved it meanwhile, or another remedy ended first: that stands."""
    assert end_remedy(incident) is incident


@pytest.mark.parametrize("incident", [OPEN, ACKNOWLEDGED, REMEDYING], ids=lambda one: one.state.value)
def test_an_open_incident_can_always_be_resolved(incident: Incident) -> None:
    """By a person, with the time and the words."""
    over = resolve(incident, "UANN", NOW, "reloaded")
    assert (over.state, over.resolved_by, over.resolved_at, over.resolution) == (
        State.RESOLVED,
        "UANN",
        NOW,
        "reloaded",
    )
