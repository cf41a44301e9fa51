"""Stages 10 and 11: what running a plan did, and whether it helped."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """How far a plan has come. Each plan ends in exactly one of the last five."""

    OFFERED = "offered"
    APPROVED = "approved"
    RUNNING = "running"
    VERIFYING = "verifying"
    HELPED = "helped"
    DID_NOT_HELP = "did_not_help"
    FAILED = "failed"
    VOID = "void"
    DECLINED = "declined"

    @property
    def is_final(self) -> bool:
        """True when nothing more will happen to the plan."""
        return self in {Stage.HELPED, Stage.DID_NOT_HELP, Stage.FAILED, Stage.VOID, Stage.DECLINED}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has happened to a plan so far. `said` holds what the system answered, a line a command; `detail` one
    sentence."""

    stage: Stage = Stage.OFFERED
    approved_by: tuple[str, ...] = ()
    decided_at: datetime | None = None
    said: tuple[str, ...] = ()
    detail: str = ""
    ended_at: datetime | None = None
