"""Stage 5: what was logged in one try of a task: the shape that probes of a scheduler and derivations share."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line, redacted and cut short; `at` is None where the log holds no time."""

    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class TaskTry:
    """One try. `matched` counts the lines that hold what was asked for, `lines` are the last of those.

    `is_kept` is false when there is no log of it any more.
    """

    number: int
    state: str
    started_at: datetime | None
    ended_at: datetime | None
    duration_s: float
    exception_type: str = ""
    exception_message: str = ""
    matched: int = 0
    lines: tuple[LogLine, ...] = ()
    is_kept: bool = True
