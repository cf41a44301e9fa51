"""Stage 5: what a probe is. A probe reads something live and never changes anything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

Client = TypeVar("Client")
Arguments = TypeVar("Arguments")
Facts = TypeVar("Facts")


@dataclass(frozen=True, slots=True)
class Scope:
    """Under which name and limits a system is read: what a client puts into query tags and timeouts.

    `incident` tags every statement; `deadline_s` bounds one read, server-side too; `row_cap` bounds any list of rows;
    `now` is the time (UTC, aware) that ages are counted from. `is_fresh` refuses what was read for somebody else a
    moment ago: whoever verifies wants to see what is true after the change.
    """

    incident: str
    now: datetime
    deadline_s: float = 5.0
    row_cap: int = 50
    is_fresh: bool = False


@dataclass(frozen=True, slots=True)
class Probe(Generic[Client, Arguments, Facts]):
    """One thing that can be read.

    `name` is `system.noun`, as a playbook names it. `arguments` and `facts` are frozen dataclasses: the first is
    validated
    from a playbook's `with` (strings) by pydantic, the second is what steps may show (`{{ monitors.used }}`). `read`
    blocks,
    runs in the integration's own threads with the *read* client, and raises IntegrationError. `typical` and `empty` are
    facts as they look with something and with nothing to see; every playbook is rendered with both when it is loaded.
    """

    name: str
    summary: str
    arguments: type[Arguments]
    facts: type[Facts]
    read: Callable[[Client, Arguments, Scope], Facts]
    typical: Facts
    empty: Facts
    deadline_s: float = 5.0


AnyProbe = Probe[Any, Any, Any]
