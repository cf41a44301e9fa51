"""Stage 8: what a remedy is. Planning is pure; only `perform` changes anything, one command at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from bot.diagnostics.probe import Scope

Client = TypeVar("Client")
Arguments = TypeVar("Arguments")
State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Command:
    """One change: `text` is exactly what will be run, as a person reads it; `arguments` (JSON values) are what runs it.

    Everything that must still be true when it runs stands in `arguments` (a backend's start time, a try number),
    because
    the plan's digest covers them.
    """

    operation: str
    text: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verification:
    """How to see whether it helped: read `probe` again until `expect` (on `result`, its facts) holds, or `within_s`
    ends."""

    probe: str
    arguments: Mapping[str, Any]
    expect: str
    within_s: float


@dataclass(frozen=True, slots=True)
class Draft:
    """What a remedy would do. No commands means that nothing needs changing, and `note` says why."""

    target: str
    commands: tuple[Command, ...]
    blast_radius: str
    undo: str = ""
    note: str = ""
    verification: Verification | None = None


@dataclass(frozen=True, slots=True)
class Remedy(Generic[Client, Arguments, State]):
    """One thing that can be changed.

    `read_state` runs with the *read* client, before planning and again just before acting. `plan` is pure: arguments
    and state
    in, a draft out; RemedyRefused when the arguments make no sense for that state. `perform` runs one command of an
    approved
    plan with the *change* client and returns what the system said; it may be called again after a crash, so it acts
    only where
    the command's arguments still hold and says so when the change was already made. Both blocking ones raise
    IntegrationError.
    `system` is the part of `name` before the dot.
    """

    name: str
    summary: str
    arguments: type[Arguments]
    state: type[State]
    read_state: Callable[[Client, Arguments, Scope], State]
    plan: Callable[[Arguments, State, Scope], Draft]
    perform: Callable[[Client, Command, Scope], str]
    typical: State
    unchanged: State
    deadline_s: float = 15.0


AnyRemedy = Remedy[Any, Any, Any]
