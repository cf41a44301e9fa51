"""Stage 5: what a probe saw, or why it could not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """`facts` is an instance of the probe's facts type, or None when `reason` says why it could not be read."""

    probe: str
    read_at: datetime
    took_s: float
    facts: Any = None
    reason: str | None = None

    @property
    def is_read(self) -> bool:
        """True when the probe answered, even with nothing to see."""
        return self.reason is None
