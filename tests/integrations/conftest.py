"""What the tests of the integrations share: a scope, and the three integrations."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.diagnostics.probe import AnyProbe, Scope
from bot.flow.integration import Integration
from bot.integrations import airflow, postgres, snowflake
from bot.remediation.remedy import AnyRemedy

NOW = datetime(2026, 11, 23, 5, 3, tzinfo=UTC)


@pytest.fixture
def scope() -> Scope:
    """Incident INC-7 at NOW, with little patience."""
    return Scope(incident="INC-7", now=NOW, deadline_s=5.0)


@pytest.fixture(scope="session")
def integrations() -> tuple[Integration, ...]:
    """Every integration of this folder."""
    return (airflow.INTEGRATION, postgres.INTEGRATION, snowflake.INTEGRATION)


@pytest.fixture(scope="session")
def probe(integrations: tuple[Integration, ...]) -> Callable[[str], AnyProbe]:
    """The probe of a name."""
    return {probe.name: probe for one in integrations for probe in one.probes}.__getitem__


@pytest.fixture(scope="session")
def remedy(integrations: tuple[Integration, ...]) -> Callable[[str], AnyRemedy]:
    """The remedy of a name."""
    return {remedy.name: remedy for one in integrations for remedy in one.remedies}.__getitem__
