"""What stands in an incident's thread: one card, edited as findings arrive and remedies run."""

from dataclasses import dataclass

from bot.incidents.incident import Incident
from bot.playbooks.reply import Reply
from bot.remediation.outcome import Outcome
from bot.remediation.plan import Plan


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan on the card with what has become of it."""

    plan: Plan
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that the card shows. `notes` are short lines under the title (an edited alert, a deleted one)."""

    incident: Incident
    reply: Reply
    plans: tuple[PlanView, ...] = ()
    notes: tuple[str, ...] = ()
