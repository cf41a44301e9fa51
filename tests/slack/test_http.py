"""Over signed HTTP: the same listeners on the bot's own web server."""

import time as wall
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.slack.front import EVENTS_PATH, Credentials, add_route, open_slack

SECRET = "sandbox-signing-secret"


@pytest.fixture
async def address(standin: Any, flow: Any, cursors: Any) -> AsyncIterator[str]:
    """The bot serving HTTP, known to the stand-in; where it listens."""
    credentials = Credentials("xoxb-sandbox-runbook", signing_secret=SECRET, api_url=f"{standin.url}/api/")
    async with open_slack(credentials, ["data-alerts"]) as front:
        front.listen(flow.verbs(), cursors)
        server = web.Application()
        add_route(server, front.app)
        runner = web.AppRunner(server)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}{EVENTS_PATH}"
        await runner.cleanup()
        await front.drain(30.0)


async def test_events_and_clicks_arrive_signed(address: str, standin: Any, flow: Any, make: Any) -> None:
    """Alerts and commands come over HTTP as they do over the socket."""
    import asyncio

    await asyncio.to_thread(standin.people.delivery, "http", address)
    await asyncio.to_thread(standin.people.say, "C0ALERTS", "Task failed", app="airflow")
    await asyncio.to_thread(standin.people.wait_for, lambda: flow.names() == ["take_alert"], 60.0)
    flow.returns["show_runbook"] = "It is in the thread."
    acked = await asyncio.to_thread(standin.people.command, "U0LEAD", "C0ALERTS", "/runbook", "freshness")
    assert acked.acked
    seen = await asyncio.to_thread(standin.people.wait_for, lambda: standin.people.ephemerals("U0LEAD"), 60.0)
    assert seen[0]["text"] == "It is in the thread."
    assert flow.names() == ["take_alert", "show_runbook"]


@pytest.mark.parametrize(("secret", "age_s"), [("wrong", 0), (SECRET, 600)], ids=["wrong secret", "old"])
async def test_unsigned_and_old_requests_are_refused(address: str, flow: Any, secret: str, age_s: int) -> None:
    """A request that Slack did not sign just now reaches nothing."""
    body, at = '{"type":"event_callback","event":{"type":"message"}}', str(int(wall.time()) - age_s)
    signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body)
    headers = {"X-Slack-Signature": str(signature), "X-Slack-Request-Timestamp": at, "Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session, session.post(address, data=body, headers=headers) as answer:
        assert answer.status == 401
    assert flow.asked == []


async def test_stopping_bot_leaves_events_to_the_next_one(standin: Any, flow: Any, cursors: Any) -> None:
    """What comes while the bot stops is not acknowledged, so Slack delivers it again."""
    credentials = Credentials("xoxb-sandbox-runbook", signing_secret=SECRET, api_url=f"{standin.url}/api/")
    async with open_slack(credentials, ["data-alerts"]) as front:
        front.listen(flow.verbs(), cursors)
        await front.edge.drain(0.0)
        body, at = '{"type":"event_callback","event":{"type":"message","channel":"C0ALERTS"}}', str(int(wall.time()))
        signature = SignatureVerifier(SECRET).generate_signature(timestamp=at, body=body)
        headers = {"x-slack-signature": [str(signature)], "x-slack-request-timestamp": [at]}
        answer = await front.app.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
    assert answer.status == 503
    assert flow.asked == []
