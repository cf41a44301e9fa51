"""Stage 6: what is said in the thread, before Slack or a terminal gives it a look.

Texts are Slack's mrkdwn as playbooks write it; every value that came from an alert or a system is already escaped in
them.
Table cells, charts and entity values are plain and are escaped by whoever shows them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Reading(Protocol):
    """A finding as rendering sees it: facts when it was read, else the reason."""

    @property
    def facts(self) -> Any:
        """The probe's facts, None when it could not be read."""
        ...

    @property
    def reason(self) -> str | None:
        """Why it could not be read, None when it was."""
        ...


class StepState(StrEnum):
    """How far a step's findings are."""

    PLAIN = "plain"  # shows no finding
    LOOKING = "looking"
    READ = "read"
    UNREAD = "unread"  # at least one of its probes could not be read


class Approvers(StrEnum):
    """Who may approve a remedy."""

    ONCALL = "oncall"
    LEAD = "lead"
    TWO_PEOPLE = "two_people"


class ChartKind(StrEnum):
    """How points are drawn: `bar` compares things, `line` follows one thing over time."""

    BAR = "bar"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a finding, cells as plain text; `more` rows beyond these were read and are not held here."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """One thing of a chart, label as plain text; `value` None is a gap (unknown), `limit` None has none."""

    label: str
    value: float | None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Rows of a finding as a picture, oldest or first point first; at least one value is a finite number.

    Labels are of at most 20 characters and no two alike. `more` earlier points were read and are not drawn.
    """

    kind: ChartKind
    title: str
    points: tuple[Point, ...]
    unit: str = ""
    limit_name: str = "limit"
    more: int = 0


@dataclass(frozen=True, slots=True)
class InputField:
    """A value of a plan that the approver may still change; `minimum` and `maximum` bound it (numbers only)."""

    name: str
    label: str
    kind: str  # "number" | "text"
    value: Any
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Verify:
    """What a playbook asks to be read again after the remedy: `again` names one of its diagnostics."""

    again: str
    expect: str
    within_s: float


@dataclass(frozen=True, slots=True)
class Offer:
    """A remedy that may be planned now. `name` is its key in the playbook, `remedy` the catalogue's name.

    `resolves` says that the incident is over once the remedy is seen to have helped.
    """

    name: str
    label: str
    remedy: str
    arguments: Mapping[str, Any]
    approve: Approvers
    inputs: tuple[InputField, ...] = ()
    verify: Verify | None = None
    resolves: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """A runbook step with the finding under it. `unread` says "could not read … because …", a line a probe."""

    number: int
    title: str
    state: StepState
    text: str = ""
    unread: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    offers: tuple[Offer, ...] = ()
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """One runbook with what is true right now."""

    playbook: str
    title: str
    severity: str
    summary: str
    entities: Mapping[str, str] = field(default_factory=dict)
    causes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    prevention: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """True when no step is still looking."""
        return all(step.state is not StepState.LOOKING for step in self.steps)

    def offers(self) -> tuple[Offer, ...]:
        """Every remedy that is offered now, in the order of the steps, each once."""
        return tuple({offer.name: offer for step in self.steps for offer in step.offers}.values())
