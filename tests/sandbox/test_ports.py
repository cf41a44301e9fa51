"""Ports: the asked one if it is free, else one that no outgoing connection will take meanwhile."""

from __future__ import annotations

import socket
from contextlib import closing
from random import Random

import pytest

from bot.sandbox.errors import SandboxError
from bot.sandbox.part import PORT_NAMES
from bot.sandbox.ports import HIGHEST, LOWEST, choose_ports, is_free


def test_everything_gets_a_port_of_its_own():
    """Each name has a free port below the range for outgoing connections, no two the same."""
    ports = choose_ports({})
    assert set(ports) == set(PORT_NAMES)
    assert len(set(ports.values())) == len(PORT_NAMES)
    assert all(LOWEST <= port < HIGHEST and is_free(port) for port in ports.values())


def test_an_asked_port_is_given():
    """--slack-port is honoured, and a missing number means a free one."""
    free = choose_ports({})["bot"]
    ports = choose_ports({"slack": free, "airflow": None})
    assert ports["slack"] == free
    assert ports["airflow"] != free


def test_a_taken_port_is_passed_over():
    """Of two equal choices, one where somebody listens is not chosen."""
    first = choose_ports({}, Random(7))["slack"]  # noqa: S311 - a repeatable choice
    with closing(socket.create_server(("127.0.0.1", first))):
        assert first not in choose_ports({}, Random(7)).values()  # noqa: S311 - the same one


def test_a_taken_port_that_was_asked_for_is_refused():
    """The message names the option to change."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SandboxError, match=f"port {port} is taken: give another --airflow-port"):
            choose_ports({"airflow": port})


def test_one_port_for_two_is_refused():
    """Two parts cannot share a port."""
    with pytest.raises(SandboxError, match="a port of its own"):
        choose_ports({"slack": 20_001, "bot": 20_001})


def test_an_unknown_name_is_refused():
    """A typo names what there is."""
    with pytest.raises(SandboxError, match="no part listens as slak"):
        choose_ports({"slak": 1})


@pytest.mark.parametrize("port", [-1, 65_536, 700_000])
def test_a_number_that_is_no_port_is_refused(port):
    """It is told with its option, rather than ending in the socket's own error."""
    with pytest.raises(SandboxError, match=f"--airflow-logs-port {port}: a port is a number from 1 to 65535"):
        choose_ports({"airflow_logs": port})
