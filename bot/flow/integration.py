"""What a technology brings along: how to connect to it, what can be read there and what can be changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.diagnostics.probe import AnyProbe
from bot.remediation.remedy import AnyRemedy

Client = TypeVar("Client")
Environment = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Integration(Generic[Client]):
    """One folder under integrations/, found by walking them.

    `connect_read` and `connect_change` take the environment and give a client, or None when that system has no settings
    (SettingsError when they are half there). They open nothing: a client connects at its first use, so that the bot
    starts when a system is down. Clients have `close()`. A probe is only ever handed the read client.
    `check` names a probe without arguments that proves the read client; it is read once at the start. `threads` bounds
    how many calls run side by side.
    """

    name: str
    title: str
    connect_read: Callable[[Environment], Client | None]
    connect_change: Callable[[Environment], Client | None]
    probes: tuple[AnyProbe, ...]
    check: str
    remedies: tuple[AnyRemedy, ...] = ()
    threads: int = 4
