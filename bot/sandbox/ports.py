"""A TCP port for everything that listens: the one asked for, or a free one."""

from __future__ import annotations

import random
import socket
from collections.abc import Mapping
from contextlib import closing

from bot.sandbox.errors import SandboxError
from bot.sandbox.part import PORT_NAMES

# Below every system's range for outgoing connections: Airflow binds its port ten seconds after we chose it,
# and by then an outgoing connection may sit on any port of that range.
LOWEST, HIGHEST = 20_000, 32_000
LAST = 65_535


def choose_ports(asked: Mapping[str, int | None], choice: random.Random | None = None) -> dict[str, int]:
    """A port for each of PORT_NAMES; SandboxError when an asked one is unknown, repeated, taken or none."""
    if unknown := asked.keys() - set(PORT_NAMES):
        raise SandboxError(f"no part listens as {', '.join(sorted(unknown))}; ports are for {', '.join(PORT_NAMES)}")
    chosen = {name: port for name, port in asked.items() if port}
    if len(set(chosen.values())) < len(chosen):
        raise SandboxError(f"each part needs a port of its own, got {chosen}")
    for name, port in chosen.items():
        if not 0 < port <= LAST:
            raise SandboxError(f"--{name.replace('_', '-')}-port {port}: a port is a number from 1 to {LAST}")
        if not is_free(port):
            raise SandboxError(f"port {port} is taken: give another --{name.replace('_', '-')}-port, or none")
    candidates = iter((choice or random.SystemRandom()).sample(range(LOWEST, HIGHEST), k=HIGHEST - LOWEST))
    for name in PORT_NAMES:
        if name not in chosen:
            chosen[name] = next(port for port in candidates if port not in chosen.values() and is_free(port))
    return chosen


def is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:port now."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
