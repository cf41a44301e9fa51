"""Second floor of the stand-in: faults on demand, matched to calls and deliveries by a plain rule. Pure."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.sandbox.slack.refusal import Refusal

CALL_FAULTS = frozenset({"status", "ratelimited", "api_error", "delay", "drop"})
DELIVERY_FAULTS = frozenset({"deliver_twice", "delay_delivery", "lose_delivery"})
SOCKET_FAULTS = frozenset({"refuse_sockets"})
KINDS = CALL_FAULTS | DELIVERY_FAULTS | SOCKET_FAULTS
_NUMBERS: dict[str, tuple[Any, int]] = {  # what each may be, and its least value
    "every": (int, 1),
    "times": (int | None, 1),
    "status": (int, 500),
    "retry_after": (int, 0),
    "seconds": (int | float, 0),
}


@dataclass(slots=True)
class Fault:
    """One rule. It strikes every `every`-th match, `times` times in all (None: until it is cleared).

    status: answer `status` (5xx); ratelimited: 429 with `retry_after`; api_error: ok=false with `error`;
    delay / delay_delivery: wait `seconds`; drop: abort the TCP connection without an answer;
    deliver_twice, lose_delivery: of an event; refuse_sockets: abort Socket Mode connections as they come.
    `method` limits a call fault to one Web API method, a delivery fault to one event type.
    """

    id: int
    kind: str
    method: str | None = None
    every: int = 1
    times: int | None = None
    status: int = 503
    retry_after: int = 1
    error: str = "internal_error"
    seconds: float = 0.0
    seen: int = 0
    struck: int = 0

    def strikes(self, method: str) -> bool:
        """Count a match; True when this one is hit."""
        if self.method not in (None, method) or (self.times is not None and self.struck >= self.times):
            return False
        self.seen += 1
        if self.seen % self.every:
            return False
        self.struck += 1
        return True


class Faults:
    """The rules in force, in the order in which they were set."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._ids = count(1)

    def set(self, spec: dict[str, Any]) -> Fault:
        """Add a rule from its JSON form. Refusal invalid_fault names what is wrong with it."""
        kind = spec.get("kind")
        if kind not in KINDS:
            raise Refusal("invalid_fault", f"kind {kind!r} is none of {', '.join(sorted(KINDS))}")
        unknown = set(spec) - {"kind", "method", "every", "times", "status", "retry_after", "error", "seconds"}
        if unknown:
            raise Refusal("invalid_fault", f"unknown fields {', '.join(sorted(unknown))}")
        for name, (kinds, least) in _NUMBERS.items():
            value = spec.get(name, least)
            if isinstance(value, bool) or not isinstance(value, kinds) or (value is not None and value < least):
                raise Refusal("invalid_fault", f"{name} must be a number from {least}, got {value!r}")
        fault = Fault(next(self._ids), **spec)
        self._rules.append(fault)
        return fault

    def clear(self, fault_id: int | None = None) -> int:
        """Take one rule (or all) away; how many that were."""
        kept = [] if fault_id is None else [rule for rule in self._rules if rule.id != fault_id]
        gone = len(self._rules) - len(kept)
        self._rules = kept
        return gone

    def strike(self, kinds: frozenset[str], method: str) -> Fault | None:
        """The first rule of those kinds that hits this call or delivery, if any."""
        for rule in self._rules:
            if rule.kind in kinds and rule.strikes(method):
                return rule
        return None

    def rules(self) -> list[Fault]:
        """All rules, spent ones too."""
        return list(self._rules)
