"""The real slack-bolt by Socket Mode against the stand-in: delivery, redelivery, sharing, refresh, faults."""

import aiohttp
import pytest


def answering(app, seen):
    """Make the app answer every message in its thread and keep the event ids."""

    @app.event("message")
    async def on_message(event, body, say):
        seen.append(body["event_id"])
        if "bot_message" not in event.get("subtype", ""):
            await say(text=f"got {event['text']}", thread_ts=event["ts"])


def recording(app, seen):
    """Make the app keep the event ids of messages and answer nothing."""

    @app.event("message")
    async def on_message(body):
        seen.append(body["event_id"])


async def test_an_event_is_answered_in_its_thread(sandbox, bolt, connect):
    """A message in a channel of the bot reaches bolt, and its reply is in the thread."""
    app = bolt(sandbox)
    answering(app, [])
    await connect(sandbox, app)
    ts = await sandbox.act(sandbox.people.say, "C0ALERTS", "DAG <b> failed & died", app="airflow")
    replies = await sandbox.see(lambda: sandbox.people.messages("C0ALERTS", ts)[1:])
    assert replies[0]["text"] == "got DAG &lt;b&gt; failed &amp; died"
    assert replies[0]["bot_id"] == "B0RUNBOOK"


async def test_message_event_has_slacks_shape(sandbox, bolt, connect):
    """The envelope and the event carry what real Slack sends: ids, authorizations, channel_type, bot_profile."""
    app, bodies = bolt(sandbox), []

    @app.event("message")
    async def on_message(body):
        bodies.append(body)

    await connect(sandbox, app)
    ts = await sandbox.act(sandbox.people.say, "data-alerts", "boom", app="airflow")
    await sandbox.see(lambda: bodies)
    event = bodies[0]["event"]
    assert bodies[0]["type"] == "event_callback"
    assert bodies[0]["api_app_id"] == "A0RUNBOOK"
    assert bodies[0]["authorizations"][0]["user_id"] == "U0RUNBOOK"
    assert bodies[0]["event_id"].startswith("Ev")
    assert (event["ts"], event["event_ts"], event["channel_type"]) == (ts, ts, "channel")
    assert (event["bot_id"], event["app_id"], event["user"]) == ("B0AIRFLOW", "A0AIRFLOW", "U0AIRFLOW")
    assert "subtype" not in event


async def test_an_unacked_envelope_is_redelivered(start, bolt, connect):
    """An event that no listener acks comes again with retry_attempt and retry_reason, then is given up."""
    sandbox = await start(ack_within=0.1)
    handler = await connect(sandbox, bolt(sandbox))
    attempts = []

    async def record(client, request):
        attempts.append((request.retry_attempt, request.retry_reason))

    handler.client.socket_mode_request_listeners[:] = [record]
    await sandbox.act(sandbox.people.say, "C0ALERTS", "nobody listens")
    await sandbox.see(lambda: sandbox.people.deliveries("message")[0]["outcome"] == "gave_up")
    assert attempts == [(0, ""), (1, "timeout"), (2, "timeout"), (3, "timeout")]


async def test_two_connections_share_the_events(sandbox, bolt, connect):
    """With two connections open each event goes to exactly one of them, and both get some."""
    first, second = [], []
    for seen in (first, second):
        app = bolt(sandbox)
        recording(app, seen)
        await connect(sandbox, app)
    for number in range(20):
        await sandbox.act(sandbox.people.say, "C0ENG", f"n {number}")
    await sandbox.see(lambda: len(first) + len(second) == 20)
    assert first
    assert second
    assert not set(first) & set(second)


async def test_a_refresh_leaves_the_app_connected(sandbox, bolt, connect):
    """After a `disconnect` message the client opens a new connection, and events arrive on it."""
    app, seen = bolt(sandbox), []
    answering(app, seen)
    await connect(sandbox, app)
    assert await sandbox.act(sandbox.people.sockets, "refresh") == 1
    await sandbox.see(lambda: len(sandbox.people.calls("apps.connections.open")) == 2)
    ts = await sandbox.act(sandbox.people.say, "C0ALERTS", "still here?")
    assert await sandbox.see(lambda: sandbox.people.messages("C0ALERTS", ts)[1:])


async def test_an_aborted_connection_comes_back(sandbox, bolt, connect):
    """After a TCP abort the client reconnects and an event said meanwhile is redelivered."""
    app, seen = bolt(sandbox), []
    answering(app, seen)
    await connect(sandbox, app)
    assert await sandbox.act(sandbox.people.sockets, "abort") == 1
    await sandbox.see(lambda: sandbox.people.connections() == 0)
    await sandbox.see(lambda: sandbox.people.connections() == 1)
    ts = await sandbox.act(sandbox.people.say, "C0ALERTS", "back?")
    assert await sandbox.see(lambda: sandbox.people.messages("C0ALERTS", ts)[1:])


async def test_deliver_twice_repeats_the_event_id(sandbox, bolt, connect):
    """The fault deliver_twice brings the same event_id in two envelopes."""
    app, seen = bolt(sandbox), []
    answering(app, seen)
    await connect(sandbox, app)
    await sandbox.act(sandbox.people.faults, "deliver_twice", times=1)
    await sandbox.act(sandbox.people.say, "C0ALERTS", "twice")
    await sandbox.see(lambda: len(seen) >= 2)
    assert seen[0] == seen[1]


async def test_lose_delivery_loses_one_event(sandbox, bolt, connect):
    """The fault lose_delivery drops one event and is spent."""
    app, seen = bolt(sandbox), []
    answering(app, seen)
    await connect(sandbox, app)
    await sandbox.act(sandbox.people.faults, "lose_delivery", times=1)
    await sandbox.act(sandbox.people.say, "C0ALERTS", "lost")
    await sandbox.act(sandbox.people.say, "C0ALERTS", "found")
    await sandbox.see(lambda: seen)
    assert [d["outcome"] for d in sandbox.server.standin.journal.deliveries("message")][:1] == ["gave_up"]
    assert len(seen) == 1


async def test_refused_sockets_do_not_connect(sandbox, bolt):
    """The fault refuse_sockets aborts the websocket as it comes."""
    sandbox.server.standin.faults.set({"kind": "refuse_sockets"})
    url = (await sandbox.client.apps_connections_open(app_token="xapp-sandbox-runbook"))["url"]
    with pytest.raises(aiohttp.ClientConnectionError):
        await sandbox.client.session.ws_connect(url)
    assert sandbox.server.standin.sockets.connections("A0RUNBOOK") == 0


async def test_own_and_edited_messages_are_delivered(sandbox, bolt, connect):
    """As in Slack, message_changed, message_deleted and the bot's own messages reach the app."""
    app, subtypes = bolt(sandbox), []

    @app.event("message")
    async def on_message(event):
        subtypes.append(event.get("subtype"))

    await connect(sandbox, app)
    ts = await sandbox.act(sandbox.people.say, "C0ALERTS", "first")
    await sandbox.act(sandbox.people.edit, "C0ALERTS", ts, "second")
    await sandbox.act(sandbox.people.delete, "C0ALERTS", ts)
    await sandbox.client.chat_postMessage(channel="C0ALERTS", text="mine")
    await sandbox.see(lambda: len(subtypes) == 3)
    await sandbox.see(lambda: len(sandbox.people.deliveries("message")) == 4)
    assert sorted(map(str, subtypes)) == ["None", "message_changed", "message_deleted"]


async def test_a_refreshed_connection_gets_nothing_new(sandbox):
    """Once told to refresh, a connection only waits for late acks: new envelopes go to the new one."""

    async def connection():
        url = (await sandbox.client.apps_connections_open(app_token="xapp-sandbox-runbook"))["url"]
        socket = await sandbox.client.session.ws_connect(url)
        assert (await socket.receive_json())["type"] == "hello"
        return socket

    old = await connection()
    assert await sandbox.act(sandbox.people.sockets, "refresh") == 1
    assert (await old.receive_json())["reason"] == "refresh_requested"
    new = await connection()
    for number in range(8):
        await sandbox.act(sandbox.people.say, "C0ENG", f"n {number}")
        envelope = await new.receive_json()
        assert envelope["payload"]["event"]["text"] == f"n {number}"
        await old.send_json({"envelope_id": envelope["envelope_id"]})
    await sandbox.see(lambda: [d["outcome"] for d in sandbox.people.deliveries("message")] == ["acked"] * 8)
    await old.close()
    await new.close()


async def test_a_ticket_opens_one_connection(sandbox):
    """The URL of apps.connections.open is refused the second time, and a made-up one at once."""
    url = (await sandbox.client.apps_connections_open(app_token="xapp-sandbox-runbook"))["url"]
    socket = await sandbox.client.session.ws_connect(url)
    for bad in (url, f"{sandbox.server.url}/link?ticket=none"):
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await sandbox.client.session.ws_connect(bad)
    await socket.close()


async def test_an_ack_that_is_no_json_is_no_ack(start):
    """Garbage on the socket is ignored; the envelope then counts as not acked."""
    sandbox = await start(ack_within=0.1, retry_after=())
    url = (await sandbox.client.apps_connections_open(app_token="xapp-sandbox-runbook"))["url"]
    async with sandbox.client.session.ws_connect(url) as socket:
        await sandbox.act(sandbox.people.say, "C0ENG", "x")
        await socket.send_str("ok")
        await socket.send_json(["ok"])
        await sandbox.see(lambda: sandbox.people.deliveries("message")[0]["outcome"] == "gave_up")
