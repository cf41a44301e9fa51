"""Signed HTTP: the real bolt app as receiver, and a plain receiver that misbehaves."""

from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web
from slack_sdk.signature import Clock, SignatureVerifier

from bot.sandbox.slack.control import ControlRefused
from bot.sandbox.slack.signing import signature

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def listen():
    """Serve a handler on a free port; its URL."""
    runners = []

    async def run(handler: Handler) -> str:
        app = web.Application()
        app.router.add_post("/slack/events", handler)
        runner = web.AppRunner(app)
        await runner.setup()
        runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"

    yield run
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
async def http_bolt(sandbox, bolt, listen):
    """A bolt app that is reached by HTTP."""
    app = bolt(sandbox)
    url = await listen(app.server(port=0).handle_post_requests)
    await sandbox.act(sandbox.people.delivery, "http", url)
    return app


async def test_bolt_accepts_the_signature_and_answers(sandbox, http_bolt):
    """url_verification passes, and a signed event gets its threaded reply."""

    @http_bolt.event("message")
    async def on_message(event, say):
        await say(text="got it", thread_ts=event["ts"])

    ts = await sandbox.act(sandbox.people.say, "C0ALERTS", "boom", app="airflow")
    replies = await sandbox.see(lambda: sandbox.people.messages("C0ALERTS", ts)[1:])
    assert replies[0]["text"] == "got it"


async def test_clicks_and_commands_travel_as_forms(sandbox, http_bolt):
    """A command's body becomes the ephemeral answer; a click is acked."""

    @http_bolt.command("/runbook")
    async def on_command(ack, command):
        await ack({"text": f"*{command['text']}*", "response_type": "in_channel"})

    @http_bolt.action("go")
    async def on_go(ack):
        await ack()

    assert (await sandbox.act(sandbox.people.command, "nadia", "C0ENG", "/runbook", "a & b")).acked
    assert (await sandbox.act(sandbox.people.messages, "C0ENG"))[-1]["text"] == "*a &amp; b*"
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "elements": [button]}]
    card = await sandbox.client.chat_postMessage(channel="C0ENG", text="x", blocks=blocks)
    assert (await sandbox.act(sandbox.people.click, "nadia", "C0ENG", card["ts"], "go")).acked


async def test_a_failing_receiver_is_tried_again(sandbox, listen):
    """A 500 brings retries with X-Slack-Retry-Num and -Reason and the same event_id, three in all."""
    seen = []

    async def fail(request: web.Request) -> web.Response:
        body = await request.json()
        headers = request.headers
        seen.append((body["event_id"], headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason")))
        return web.Response(status=500)

    await sandbox.act(sandbox.people.delivery, "http", await listen(fail), verify=False)
    await sandbox.act(sandbox.people.say, "C0ALERTS", "boom")
    await sandbox.see(lambda: sandbox.people.deliveries("message")[0]["outcome"] == "gave_up")
    assert len({event_id for event_id, _, _ in seen}) == 1
    assert [retry for _, retry, _ in seen] == [None, "1", "2", "3"]
    assert seen[1][2] == "http_error"


async def test_no_retry_is_honoured(sandbox, listen):
    """X-Slack-No-Retry: 1 ends the retries."""

    async def refuse(request: web.Request) -> web.Response:
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    await sandbox.act(sandbox.people.delivery, "http", await listen(refuse), verify=False)
    await sandbox.act(sandbox.people.say, "C0ALERTS", "boom")
    await sandbox.see(lambda: sandbox.people.deliveries("message")[0]["outcome"] == "gave_up")
    assert (await sandbox.act(sandbox.people.deliveries, "message"))[0]["attempts"] == 1


async def test_a_url_that_does_not_answer_the_challenge_is_refused(sandbox, listen):
    """Like Slack, the stand-in does not take a request URL that fails url_verification."""

    async def wrong(request: web.Request) -> web.Response:
        return web.Response(text="hello")

    with pytest.raises(ControlRefused, match="url_not_verified"):
        await sandbox.act(sandbox.people.delivery, "http", await listen(wrong))


async def test_nobody_listening_is_connection_failed(sandbox):
    """A refused connection is retried with reason connection_failed and then given up."""
    await sandbox.act(sandbox.people.delivery, "http", "http://127.0.0.1:9/slack/events", verify=False)
    await sandbox.act(sandbox.people.say, "C0ALERTS", "boom")
    await sandbox.see(lambda: sandbox.people.deliveries("message")[0]["outcome"] == "gave_up")
    delivery = (await sandbox.act(sandbox.people.deliveries, "message"))[0]
    assert (delivery["attempts"], delivery["reason"]) == (4, "connection_failed")


def test_the_signature_is_the_one_slacks_sdk_verifies():
    """slack_sdk's own verifier accepts the signature, and refuses it for another body."""

    class StoppedClock(Clock):
        def now(self) -> float:
            return 1_700_000_000.0

    verifier = SignatureVerifier("secret", StoppedClock())
    signed = signature("secret", 1_700_000_000, b'{"a":1}')
    assert verifier.is_valid('{"a":1}', "1700000000", signed)
    assert not verifier.is_valid('{"a":2}', "1700000000", signed)


async def test_a_modal_shows_errors_over_http(sandbox, http_bolt):
    """response_action errors in the HTTP body reaches the person, as by Socket Mode."""

    @http_bolt.view("form")
    async def on_form(ack):
        await ack(response_action="errors", errors={"why": "say more"})

    field = {"type": "plain_text_input", "action_id": "reason"}
    text = {"type": "plain_text", "text": "T"}
    blocks = [{"type": "input", "block_id": "why", "label": text, "element": field}]
    standin = sandbox.server.standin
    view = {"type": "modal", "callback_id": "form", "title": text, "submit": text, "blocks": blocks}
    view_id = standin.views.open(standin.bot, "U0LEAD", view)["id"]
    result = await sandbox.act(sandbox.people.submit, "lee", view_id, {"why": "x"})
    assert result.errors == {"why": "say more"}


async def test_back_to_socket_mode(sandbox, http_bolt):
    """The control API changes the delivery back while the stand-in runs."""
    await sandbox.act(sandbox.people.delivery, "socket")
    await sandbox.act(sandbox.people.say, "C0ENG", "x")
    assert (await sandbox.act(sandbox.people.deliveries, "message"))[-1]["via"] == "socket"
