"""What the tests of the integrations share: a scope, and the three integrations."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.diagnostics.probe import AnyProbe, Scope
from bot.flow.integration import Integration
from bot.integrations import airflow, dbt, postgres, snowflake, streamlit, stripe
from bot.remediation.remedy import AnyRemedy

Record = dict[str, Any]
NOW = datetime(2026, 11, 23, 5, 3, tzinfo=UTC)


@pytest.fixture
def scope() -> Scope:
    """Incident INC-7 at NOW; patience for a machine that is busy with something else."""
    return Scope(incident="INC-7", now=NOW, deadline_s=60.0)


@pytest.fixture(scope="session")
def integrations() -> tuple[Integration, ...]:
    """Every integration of this folder."""
    modules = (airflow, dbt, postgres, snowflake, streamlit, stripe)
    return tuple(module.INTEGRATION for module in modules)


@pytest.fixture(scope="session")
def probe(integrations: tuple[Integration, ...]) -> Callable[[str], AnyProbe]:
    """The probe of a name."""
    return {probe.name: probe for one in integrations for probe in one.probes}.__getitem__


@pytest.fixture(scope="session")
def remedy(integrations: tuple[Integration, ...]) -> Callable[[str], AnyRemedy]:
    """The remedy of a name."""
    return {remedy.name: remedy for one in integrations for remedy in one.remedies}.__getitem__


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Record]]:
    """Start one part of the sandbox at its first use; gives its sandbox.json. All are stopped at the end."""
    running: dict[str, Record] = {}
    with ExitStack() as parts:

        def start(part: str) -> Record:
            from bot.sandbox.platform import start_platform

            if part not in running:
                state = tmp_path_factory.mktemp(part)
                running[part] = parts.enter_context(start_platform(state, parts=[part], serve=False)).record
            return running[part]

        yield start


@pytest.fixture
def live_scope() -> Scope:
    """Incident INC-7 now."""
    return Scope(incident="INC-7", now=datetime.now(UTC), deadline_s=60.0)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port of 127.0.0.1 where a server accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=8) as server:
        yield int(server.getsockname()[1])


@pytest.fixture
def closed_port() -> int:
    """A port of 127.0.0.1 where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
