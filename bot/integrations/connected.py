"""The `Systems` port over the folders here: each integration in its own bounded threads, each call with a deadline."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from functools import partial
from threading import BoundedSemaphore
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.alerts.redaction import redact, redact_within
from bot.diagnostics.derivation import AnyDerivation
from bot.diagnostics.derivations import DERIVATIONS
from bot.diagnostics.probe import AnyProbe, Scope
from bot.errors import EntityError, NotConnected, UnknownName, Unreachable
from bot.flow.integration import Environment, Integration
from bot.integrations.shared_reads import SharedReads
from bot.remediation.remedy import AnyRemedy, Command, Draft

Result = TypeVar("Result")
GRACE_S = 1.0  # a driver gives up by itself at the deadline; this is for a driver that does not
DERIVED_IN_S = 1.0
# A storm must not queue hours of reads on a slow system: past this many waiting calls the next one is refused.
WAITING_PER_THREAD = 8


class _Connection:
    """One integration with its two clients and its threads."""

    def __init__(self, integration: Integration[Any], environment: Environment) -> None:
        self.integration = integration
        self.read = integration.connect_read(environment)
        self.change = integration.connect_change(environment)
        self._pool = ThreadPoolExecutor(integration.threads, thread_name_prefix=integration.name)
        self._slots = BoundedSemaphore(integration.threads * WAITING_PER_THREAD)

    async def call(self, work: Callable[[], Result], deadline_s: float) -> Result:
        if not self._slots.acquire(blocking=False):
            raise Unreachable(self.integration.title, "too many calls are waiting for it already")
        call = self._pool.submit(work)
        # A running thread cannot be cancelled: its call keeps its slot until the driver gives up.
        call.add_done_callback(lambda _: self._slots.release())
        try:
            # Given up while it waits for a thread, a call is taken back: told as failed, it must not happen later.
            return await asyncio.wait_for(asyncio.wrap_future(call), deadline_s + GRACE_S)
        except TimeoutError:
            raise Unreachable(self.integration.title, f"it did not answer within {deadline_s:g} s") from None

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        for client in (self.read, self.change):
            if client is not None:
                client.close()


class ConnectedSystems:
    """Every integration with settings; the others say "not connected"."""

    def __init__(
        self,
        integrations: Iterable[Integration[Any]],
        environment: Mapping[str, str],
        shared: SharedReads | None = None,
    ) -> None:
        self._shared = shared or SharedReads(time.monotonic)
        self._connections = {one.name: _Connection(one, environment) for one in integrations}
        self.probes: dict[str, AnyProbe] = {
            probe.name: probe for one in self._connections.values() for probe in one.integration.probes
        }
        self.derivations: dict[str, AnyDerivation] = {one.name: one for one in DERIVATIONS}
        self.remedies: dict[str, AnyRemedy] = {
            remedy.name: remedy for one in self._connections.values() for remedy in one.integration.remedies
        }

    @property
    def checks(self) -> tuple[str, ...]:
        """For each system with settings, the probe that proves that it can be read."""
        return tuple(one.integration.check for one in self._connections.values() if one.read is not None)

    def deadline_of(self, probe: str) -> float:
        """See the port."""
        return DERIVED_IN_S if probe in self.derivations else self._probe(probe).deadline_s

    async def read(self, probe: str, arguments: Mapping[str, Any], scope: Scope) -> Any:
        """See the port."""
        if probe in self.derivations:
            derivation = self.derivations[probe]
            return derivation.derive(_typed(derivation.arguments, arguments, probe), scope.now)
        found = self._probe(probe)
        connection = self._of(probe)
        if connection.read is None:
            raise NotConnected(connection.integration.title)
        typed = _typed(found.arguments, arguments, probe)

        def read() -> Any:
            return redact_within(found.read(connection.read, typed, scope))

        # By its words: arguments may hold lists, and dataclasses of equal values read the same.
        key = (probe, repr(typed), scope.row_cap)
        return await self._shared.read(key, lambda: connection.call(read, scope.deadline_s), is_fresh=scope.is_fresh)

    async def draft(self, remedy: str, arguments: Mapping[str, Any], scope: Scope) -> Draft:
        """See the port."""
        found = self._remedy(remedy)
        connection = self._of(remedy)
        if connection.read is None or connection.change is None:
            raise NotConnected(connection.integration.title)
        typed = _typed(found.arguments, arguments, remedy)
        scope = replace(scope, deadline_s=found.deadline_s)
        state = await connection.call(partial(found.read_state, connection.read, typed, scope), found.deadline_s)
        return found.plan(typed, state, scope)

    async def perform(self, remedy: str, command: Command, scope: Scope) -> str:
        """See the port."""
        found = self._remedy(remedy)
        connection = self._of(remedy)
        if connection.change is None:
            raise NotConnected(connection.integration.title)
        scope = replace(scope, deadline_s=found.deadline_s)
        try:
            said = await connection.call(partial(found.perform, connection.change, command, scope), found.deadline_s)
            return redact(said)
        finally:
            self._shared.forget()

    def _of(self, name: str) -> _Connection:
        return self._connections[name.partition(".")[0]]

    def _probe(self, name: str) -> AnyProbe:
        if name not in self.probes:
            raise UnknownName("probe", name, self.probes)
        return self.probes[name]

    def _remedy(self, name: str) -> AnyRemedy:
        if name not in self.remedies:
            raise UnknownName("remedy", name, self.remedies)
        return self.remedies[name]

    def close(self) -> None:
        """Close every client; calls in flight end with their drivers."""
        for connection in self._connections.values():
            connection.close()


def _typed(kind: type[Any], arguments: Mapping[str, Any], name: str) -> Any:
    unknown = arguments.keys() - {field.name for field in fields(kind)}
    if unknown:
        raise EntityError(f"{name} knows no argument {', '.join(sorted(unknown))}")
    try:
        return TypeAdapter(kind).validate_python(dict(arguments))
    except ValidationError as error:
        found = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_url=False))
        raise EntityError(f"{name} was given arguments of the wrong shape: {found}") from None
