"""Faults a caller of the control interface asked for: slow statements and refused logins."""

import threading
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """`hang_s`: statements take that long first, unless cancelled; `refuse`: log-ins are refused with that text.

    `user`, `warehouse` and `contains` (a part of the statement, any case) narrow whom it meets.
    """

    hang_s: float = 0.0
    refuse: str | None = None
    user: str | None = None
    warehouse: str | None = None
    contains: str | None = None


class Faults:
    """The faults in force. Thread-safe."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """From now on this fault is in force too."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """No faults any more."""
        with self._lock:
            self._faults.clear()

    def hang(self, user: str, warehouse: str | None, text: str) -> float:
        """Seconds a statement has to take before it is carried out."""
        return max(
            (
                f.hang_s
                for f in list(self._faults)
                if f.user in (None, user)
                and f.warehouse in (None, warehouse)
                and (f.contains or "").upper() in text.upper()
            ),
            default=0.0,
        )

    def refused(self, user: str) -> str | None:
        """The text with which this user's log-in is refused, if it is."""
        return next((f.refuse for f in list(self._faults) if f.refuse and f.user in (None, user)), None)

    def listed(self) -> list[dict[str, Any]]:
        """For the control interface."""
        return [asdict(f) for f in list(self._faults)]
