"""The warehouse stand-in for the tests of this folder, and the bot's two clients of it."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
import snowflake.connector
from pydantic import TypeAdapter

from bot.diagnostics.probe import AnyProbe, Scope
from bot.integrations.snowflake import INTEGRATION, connect_change, connect_read
from bot.integrations.snowflake.client import SnowflakeClient

Control = Callable[..., Any]


@pytest.fixture(scope="module")
def warehouse(real: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """The record of a running warehouse."""
    return real("warehouse")


@pytest.fixture
def control(warehouse: dict[str, Any]) -> Iterator[Control]:
    """Calls the stand-in's control interface; the account is as after a start before and after the test."""
    at = warehouse["warehouse"]

    def call(action: str, **body: Any) -> Any:
        data = None if action == "state" else json.dumps(body).encode()
        url = f"http://{at['host']}:{at['port']}/control/{action}"
        request = urllib.request.Request(url, data)
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.loads(answer.read())

    call("reset")
    yield call
    call("faults", clear=True)


@pytest.fixture
def reading(warehouse: dict[str, Any], control: Control) -> Iterator[SnowflakeClient]:
    """The bot's reading client."""
    client = connect_read(warehouse["environment"])
    assert client is not None
    with closing(client):
        yield client


@pytest.fixture
def changing(warehouse: dict[str, Any], control: Control) -> Iterator[SnowflakeClient]:
    """The bot's changing client."""
    client = connect_change(warehouse["environment"])
    assert client is not None
    with closing(client):
        yield client


@pytest.fixture
def connect(warehouse: dict[str, Any], control: Control) -> Callable[..., Any]:
    """Log in as a user of the account, with more options of the connector if need be."""
    at = warehouse["warehouse"]

    def log_in(user: str, **more: Any) -> Any:
        options = {"private_key_file": f"{at['keys']}/{user}.pem", "authenticator": "SNOWFLAKE_JWT", **more}
        return snowflake.connector.connect(
            account=at["account"],
            host=at["host"],
            port=at["port"],
            protocol="http",
            user=user,
            enable_server_session_keep_alive_auto_detection=False,
            **options,
        )

    return log_in


@pytest.fixture
def ask(reading: SnowflakeClient, live_scope: Scope) -> Callable[..., Any]:
    """The facts of a probe, its arguments given as a playbook gives them."""

    def read(name: str, **arguments: Any) -> Any:
        probe: AnyProbe = next(probe for probe in INTEGRATION.probes if probe.name == name)
        return probe.read(reading, TypeAdapter(probe.arguments).validate_python(arguments), live_scope)

    return read


@pytest.fixture
def analyst(warehouse: dict[str, Any], control: Control) -> Iterator[Any]:
    """A session of ANALYST_KIM on LOADING_WH."""
    at = warehouse["warehouse"]
    with snowflake.connector.connect(
        account=at["account"],
        host=at["host"],
        port=at["port"],
        protocol="http",
        user="ANALYST_KIM",
        private_key_file=f"{at['keys']}/ANALYST_KIM.pem",
        authenticator="SNOWFLAKE_JWT",
        warehouse="LOADING_WH",
        enable_server_session_keep_alive_auto_detection=False,
    ) as session:
        yield session
