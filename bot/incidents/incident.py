"""Stage 4: an open case, one Slack thread; alerts with the same key join it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

ASKED = "asked:"  # how the key of a case starts that no alert opened


class State(StrEnum):
    """Where an incident stands; lifecycle.py says which moves are allowed."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    REMEDYING = "remedying"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident. Times are UTC and aware; ids of people, channels and messages are Slack's own.

    `playbook` is "" for a case that a person opened by command without a playbook: a retrigger, a killed query.
    `alert_ts` heads the thread; `card_ts` is the bot's card in it, "" until posted. `key` groups alerts;
    `alerts` counts them.
    """

    id: str
    playbook: str
    title: str
    severity: str
    key: str
    channel: str
    alert_ts: str
    opened_at: datetime
    last_seen_at: datetime
    entities: Mapping[str, str] = field(default_factory=dict)
    state: State = State.OPEN
    card_ts: str = ""
    alerts: int = 1
    acknowledged_by: str = ""
    resolved_by: str = ""
    resolved_at: datetime | None = None
    resolution: str = ""

    @property
    def is_asked(self) -> bool:
        """True for a case that a person opened by command, False for one that an alert opened."""
        return self.key.startswith(ASKED)

    @property
    def is_open(self) -> bool:
        """True until somebody or something resolved it."""
        return self.state is not State.RESOLVED
