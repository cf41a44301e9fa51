"""What an incident says of itself."""

from datetime import UTC, datetime

import pytest

from bot.incidents.incident import ASKED, Incident, State

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


def an_incident(state: State = State.OPEN, key: str = "stale_data|orders") -> Incident:
    """An incident in this state."""
    return Incident("inc-1", "stale_data", "orders is stale", "P2", key, "C1", "1.0", NOW, NOW, state=state)


@pytest.mark.parametrize("state", list(State))
def test_only_a_resolved_incident_is_not_open(state: State) -> None:
    """Acknowledged and remedying incidents are still open: alerts join them."""
    assert an_incident(state).is_open is (state is not State.RESOLVED)


def test_a_case_that_a_person_asked_for_is_told_from_an_alert() -> None:
    """The key says it, so that it survives the store."""
    assert an_incident(key=ASKED + "case-1").is_asked
    assert not an_incident().is_asked
