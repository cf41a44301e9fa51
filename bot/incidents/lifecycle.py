"""Stage 12: the moves that an incident may make, as one table."""

from dataclasses import replace
from datetime import datetime

from bot.errors import RunbookError
from bot.incidents.incident import Incident, State

MOVES: dict[State, frozenset[State]] = {
    State.OPEN: frozenset({State.ACKNOWLEDGED, State.REMEDYING, State.RESOLVED}),
    State.ACKNOWLEDGED: frozenset({State.REMEDYING, State.RESOLVED}),
    # A remedy that did not help gives the incident back to whoever approved it.
    State.REMEDYING: frozenset({State.ACKNOWLEDGED, State.RESOLVED}),
    State.RESOLVED: frozenset(),
}


class MoveRefused(RunbookError):
    """The incident cannot move there from where it stands."""


def _move(incident: Incident, to: State) -> Incident:
    if to not in MOVES[incident.state]:
        raise MoveRefused(f"This incident is {incident.state.value}; it cannot become {to.value}.")
    return replace(incident, state=to)


def acknowledge(incident: Incident, person: str) -> Incident:
    """Somebody is on it. Refused when it is resolved, or somebody is on it already."""
    if incident.state in {State.ACKNOWLEDGED, State.REMEDYING}:
        raise MoveRefused(f"<@{incident.acknowledged_by}> is on this incident already.")
    return replace(_move(incident, State.ACKNOWLEDGED), acknowledged_by=person)


def begin_remedy(incident: Incident, person: str) -> Incident:
    """An approved remedy is about to run; whoever approved it is on the incident from now on."""
    if incident.state is State.REMEDYING:
        return incident
    return replace(_move(incident, State.REMEDYING), acknowledged_by=incident.acknowledged_by or person)


def end_remedy(incident: Incident) -> Incident:
    """The remedy did not end the incident: it goes back to the person who is on it."""
    return _move(incident, State.ACKNOWLEDGED) if incident.state is State.REMEDYING else incident


def resolve(incident: Incident, person: str, at: datetime, resolution: str) -> Incident:
    """The incident is over; `person` is "" when a verified remedy ended it. Refused when it was over before."""
    moved = _move(incident, State.RESOLVED)
    return replace(moved, resolved_by=person, resolved_at=at, resolution=resolution)
