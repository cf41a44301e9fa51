"""The bot's own web server says whether the bot lives and can work, and what it counted."""

import socket
from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from bot.app.site import Readiness, site
from bot.errors import SettingsError


@pytest.fixture
def port() -> int:
    """A port that nobody listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else listens on."""
    with closing(socket.create_server(("0.0.0.0", 0))) as other:  # noqa: S104 - the site listens on every address too
        yield int(other.getsockname()[1])


async def get(port: int, path: str) -> tuple[int, str]:
    """Status and text."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.text()


async def test_readiness_follows_what_the_bot_says(port: int) -> None:
    """503 with the reason until it can work, 200 then, 503 again while it drains; alive all the time."""
    readiness = Readiness()
    async with site(port, readiness, None):
        assert await get(port, "/readyz") == (503, "starting\n")
        assert await get(port, "/healthz") == (200, "alive\n")
        readiness.problem = ""
        assert await get(port, "/readyz") == (200, "ready\n")
        readiness.problem = "stopping"
        assert await get(port, "/readyz") == (503, "stopping\n")


async def test_counters_are_served_for_prometheus(port: int) -> None:
    """Every failure of a listener is counted there."""
    async with site(port, Readiness(), None):
        status, text = await get(port, "/metrics")
    assert status == 200
    assert "# TYPE" in text


async def test_without_signed_http_there_is_no_door_for_events(port: int) -> None:
    """A bot in Socket Mode takes nothing over HTTP."""
    async with site(port, Readiness(), None):
        assert (await get(port, "/slack/events"))[0] == 404


async def test_with_signed_http_events_have_their_path(port: int) -> None:
    """The path is there for what Slack posts, and for nothing that is asked with GET."""
    front: Any = SimpleNamespace(app=None)
    async with site(port, Readiness(), front):
        assert (await get(port, "/slack/events"))[0] == 405


async def test_a_taken_port_is_named(taken: int) -> None:
    """The setting and the system's reason stand in the error."""
    with pytest.raises(SettingsError, match=rf"^PORT {taken} cannot be listened on: .*in use"):
        async with site(taken, Readiness(), None):
            raise AssertionError("never gets here")


@pytest.mark.parametrize("error", [ConnectionResetError("Slack hung up"), TimeoutError("too slow")], ids=repr)
async def test_what_fails_while_the_site_is_up_is_not_laid_to_the_port(port: int, error: OSError) -> None:
    """A connection that Slack drops is an OSError too; whoever reads the log must not look at the port for it."""
    with pytest.raises(type(error), match=str(error)):
        async with site(port, Readiness(), None):
            raise error


async def test_the_port_is_free_again_afterwards(port: int) -> None:
    """Also after an error: the next start finds it."""
    with pytest.raises(ZeroDivisionError):
        async with site(port, Readiness(), None):
            raise ZeroDivisionError
    async with site(port, Readiness(problem=""), None):
        assert (await get(port, "/readyz"))[0] == 200
