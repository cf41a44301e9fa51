"""A playbook's cases as they are written, in `<id>.test.yml` beside it."""

from datetime import datetime
from typing import Any

from pydantic import Field

from bot.playbooks.check import CHECKED_AT
from bot.playbooks.model import Line, Word, Written


class ExpectedOffer(Written):
    """A button: the remedy's exact arguments, and the exact commands of its plan on that state."""

    remedy: str = ""
    with_: dict[str, Any] = Field(alias="with")
    state: dict[str, Any] = Field(default_factory=dict)
    commands: tuple[str, ...] | None = None


class Case(Written):
    """`findings` change typical facts of a diagnostic; `empty`, `looking` or `failed: reason` stand for all of them.

    `says` maps a step's number to what the reader must find there; `offers` lists every button, {} for none.
    """

    title: Line
    alert: str
    fields: dict[str, str] = Field(default_factory=dict)
    now: datetime = CHECKED_AT
    entities: dict[Word, str] = Field(default_factory=dict)
    reads: dict[Word, dict[str, Any]] = Field(default_factory=dict)
    findings: dict[Word, str | dict[str, Any]] = Field(default_factory=dict)
    says: dict[int, str | tuple[str, ...]] = Field(default_factory=dict)
    offers: dict[Word, ExpectedOffer]


class CaseFile(Written):
    """All cases of one playbook."""

    cases: tuple[Case, ...] = Field(min_length=2)
