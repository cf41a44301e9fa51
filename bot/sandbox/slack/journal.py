"""First floor of the stand-in: the bounded logs of Web API calls and of deliveries, with monotonic nanoseconds."""

from collections import deque
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A Web API call as the workspace saw it. Times are `time.monotonic_ns()` of the stand-in's machine."""

    number: int
    method: str
    app: str | None
    args: dict[str, Any]
    status: int
    answer: dict[str, Any]
    received_ns: int
    answered_ns: int


@dataclass(slots=True)
class Delivery:
    """One envelope (event, interaction, command) to the app, over all its attempts.

    `outcome` is waiting or acked; gave_up for an event; for an interaction operation_timeout (no ack in time) or
    dispatch_failed (no connection, or an HTTP error): what the person is shown. `reason` says why it failed.
    """

    number: int
    kind: str
    id: str
    ts: str | None
    attempts: int = 0
    delivered_ns: int = 0
    acked_ns: int = 0
    outcome: str = "waiting"
    reason: str = ""
    via: str = ""


class Journal:
    """Keeps the newest calls and deliveries; older ones are forgotten, never the numbering."""

    def __init__(self, keep: int) -> None:
        self._calls: deque[ApiCall] = deque(maxlen=keep)
        self._deliveries: deque[Delivery] = deque(maxlen=keep)
        self._numbered = 0

    def record_call(
        self,
        method: str,
        app: str | None,
        args: dict[str, Any],
        status: int,
        answer: dict[str, Any],
        received_ns: int,
        answered_ns: int,
    ) -> ApiCall:
        """Append a finished call."""
        self._numbered += 1
        call = ApiCall(self._numbered, method, app, args, status, answer, received_ns, answered_ns)
        self._calls.append(call)
        return call

    def open_delivery(self, kind: str, delivery_id: str, ts: str | None) -> Delivery:
        """Append a delivery that is about to be tried; the caller fills in how it went."""
        self._numbered += 1
        delivery = Delivery(self._numbered, kind, delivery_id, ts)
        self._deliveries.append(delivery)
        return delivery

    def calls(self, method: str | None = None, after: int = 0) -> list[dict[str, Any]]:
        """The remembered calls, oldest first, optionally of one method or after a number."""
        return [_plain(c) for c in self._calls if c.number > after and method in (None, c.method)]

    def deliveries(self, kind: str | None = None, after: int = 0) -> list[dict[str, Any]]:
        """The remembered deliveries, oldest first."""
        return [_plain(d) for d in self._deliveries if d.number > after and kind in (None, d.kind)]


def _plain(record: ApiCall | Delivery) -> dict[str, Any]:
    """A shallow dict: arguments and answers are not copied, so reading a long log stays cheap."""
    return {field.name: getattr(record, field.name) for field in fields(record)}
