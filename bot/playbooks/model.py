"""A playbook as it is written: one incident kind, how to recognise it, what to look at, say, and may be done."""

import re
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema, model_validator
from pydantic.json_schema import SkipJsonSchema

from bot.playbooks.entities import EntityType
from bot.playbooks.reply import Approvers, ChartKind

_DURATION = re.compile(r"(\d{1,5})(s|m|h|d)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def parse_duration(value: object) -> object:
    """`30s`, `15m`, `2h`, `1d` as a timedelta; a ValueError says so for anything else, a number without a unit too."""
    if isinstance(value, timedelta):
        return value
    found = _DURATION.fullmatch(str(value).strip())
    if not found:
        raise ValueError(f"`{value}` is not a duration such as 30s, 15m, 2h or 1d")
    return timedelta(**{_UNITS[found.group(2)]: int(found.group(1))})


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,5}(s|m|h|d)$", "examples": ["30s", "15m", "2h", "1d"]}),
]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Text = Annotated[str, StringConstraints(max_length=2000)]
Pattern = Annotated[str, StringConstraints(min_length=3, max_length=1000)]


class Severity(StrEnum):
    """P1 pipeline down, P2 data quality, P3 SLA breach, P4 cost."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


class Status(StrEnum):
    """How far a playbook is trusted: only `stable` offers buttons."""

    DRAFT = "draft"
    TEST = "test"
    STABLE = "stable"


class Level(StrEnum):
    """What a signature recognises. When several playbooks match one alert, a cause wins over a symptom, a symptom over
    a wrapper (a tool's "task failed" around any error)."""

    CAUSE = "cause"
    SYMPTOM = "symptom"
    WRAPPER = "wrapper"


class Written(BaseModel):
    """Anything written in a playbook's file: unknown keys are refused, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Signature(Written):
    """RE2 patterns on the alert's text without bold and code marks, case-insensitive, `^` and `$` at lines.

    Named groups give entities.
    """

    any: tuple[Pattern, ...] = Field(min_length=1, description="Any of these recognises the incident.")
    none: tuple[Pattern, ...] = Field(default=(), description="Any of these takes the match back.")
    about: tuple[Word, ...] = Field(default=(), description="Systems of shared.yml: the text must name one of them.")
    not_from: tuple[Word, ...] = Field(default=(), description="Systems of shared.yml: naming one takes it back.")
    level: Level = Field(default=Level.CAUSE, description="A cause wins over a symptom, a symptom over a wrapper.")


class EntityRule(Written):
    """A value that the alert may give. `default` (may use `platform`) stands in when it does not; else it is "".

    `sole`: the only name in a short text is this one, whatever stands around it; see `sole` in shared.yml.
    """

    type: EntityType
    default: Text = ""
    sole: bool = False


class Diagnostic(Written):
    """A probe and its arguments; they may use entities, `platform` and other diagnostics, which are then read first."""

    probe: str
    with_: dict[str, Any] = Field(default_factory=dict, alias="with")
    optional: tuple[Word, ...] = Field(
        default=(), description="What it can do without: arguments that name one that could not be read are left out."
    )


class RowTable(Written):
    """Rows of a finding as a table: `rows` is an expression, `columns` maps a header to an expression on the row."""

    rows: Line
    columns: dict[str, Line] = Field(min_length=1, max_length=8)


class RowChart(Written):
    """Rows of a finding as a picture: one point a row, for where people would rather look than read.

    `x` and `y` are expressions on the row, as a table's cells are; `limit` may name findings too (`monitor.quota`).
    """

    kind: ChartKind = Field(description="`bar` compares things (marts); `line` follows one over time, oldest first.")
    title: Annotated[str, StringConstraints(min_length=1, max_length=100)] = Field(
        description="What is drawn, at most 50 characters once entities are filled in: Credits this month"
    )
    rows: Line = Field(description="An expression giving the rows: fresh.marts. The last 62 are drawn.")
    x: Line = Field(description="On the row: the point's label, a name, date or time. Keep it short.")
    y: Line = Field(description="On the row: the point's number, e.g. duration_s / 60. Unknown leaves a gap.")
    limit: Line | None = Field(default=None, description="On the row or findings: the number that y should not pass.")
    limit_name: Annotated[str, StringConstraints(min_length=1, max_length=20)] = Field(
        default="limit", description="What the limit is called: target, quota, limit."
    )
    unit: Annotated[str, StringConstraints(max_length=20)] = Field(
        default="", description="Said after numbers: h, min."
    )
    sum: bool = Field(default=False, description="True adds each point to those before it: used so far, of a quota.")


class RunbookStep(Written):
    """A step: the findings under it, what is said of them, and the remedies offered there."""

    title: Line
    show: tuple[Word, ...] = ()
    text: Text = ""
    table: RowTable | None = None
    chart: RowChart | None = None
    offer: tuple[Word, ...] = ()


class Input(Written):
    """An argument that the approver may still change, within these bounds (numbers, or templates giving numbers)."""

    type: Literal["number", "text"] = "text"
    label: Annotated[str, StringConstraints(max_length=75)] = ""
    min: float | str | None = None
    max: float | str | None = None


class Verification(Written):
    """Read the diagnostic again until `expect` (an expression on `result`) holds or the time is over."""

    again: Word
    expect: Line
    within: Duration = timedelta(minutes=5)


class RemedyOffer(Written):
    """A remedy, its arguments, when it is offered and who may approve it. `label` is the button's text.

    `resolves` says that the incident is over once the remedy is seen to have helped; false for a step on the way.
    """

    remedy: str
    label: Annotated[str, StringConstraints(min_length=1, max_length=150)]
    with_: dict[str, Any] = Field(default_factory=dict, alias="with")
    inputs: dict[Word, Input] = Field(default_factory=dict)
    when: Text = ""
    approve: Approvers = Approvers.ONCALL
    verify: Verification | None = None
    resolves: bool = True


class Escalation(Written):
    """How long an incident may stay unacknowledged and unresolved before the next person is called."""

    acknowledge: Duration = timedelta(minutes=15)
    resolve: Duration = timedelta(hours=2)


class Example(Written):
    """An alert text that this playbook must match (with these entities), or must ignore: a near miss."""

    match: str | None = None
    ignore: str | None = None
    entities: dict[Word, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_of_both(self) -> "Example":
        if (self.match is None) == (self.ignore is None):
            raise ValueError("an example holds either `match` or `ignore`")
        if self.ignore is not None and self.entities:
            raise ValueError("an ignored text has no entities")
        return self


class Playbook(Written):
    """One incident kind. `id` is the stem of its file and is never written in it."""

    id: SkipJsonSchema[Word]
    title: Line = Field(description="One line; may use entities: Warehouse {{ warehouse }} is suspended")
    severity: Severity
    status: Status = Status.DRAFT
    aliases: tuple[Word, ...] = Field(default=(), description="What /runbook understands besides the id.")
    owner: Line
    summary: Text = Field(description="What it means and whom it hurts, two sentences.")
    causes: tuple[Line, ...] = Field(default=(), description="Likely causes, most likely first.")
    match: Signature
    entities: dict[Word, EntityRule] = Field(default_factory=dict)
    group_by: tuple[Word, ...] = Field(default=(), description="Alerts with equal values join one incident.")
    diagnostics: dict[Word, Diagnostic] = Field(default_factory=dict)
    steps: tuple[RunbookStep, ...] = Field(min_length=1, max_length=12)
    remedies: dict[Word, RemedyOffer] = Field(default_factory=dict)
    escalate: Escalation = Escalation()
    prevention: tuple[Line, ...] = ()
    examples: tuple[Example, ...] = Field(min_length=3)

    @model_validator(mode="after")
    def _enough_examples(self) -> "Playbook":
        matching = sum(example.match is not None for example in self.examples)
        if matching < 2 or matching == len(self.examples):
            raise ValueError("`examples` needs at least two texts to match and one near miss to ignore")
        return self
