"""The control API and its client: acting as people, looking in, the stream, and clear refusals."""

import asyncio
import json

import pytest

from bot.sandbox.slack.control import ControlRefused, NotSeen


async def test_people_edit_delete_and_react(sandbox):
    """A person's message can be edited, reacted to and deleted; wire text and rich_text follow the edit."""
    people = sandbox.people
    ts = await sandbox.act(people.say, "C0ENG", "first", user="lee")
    await sandbox.act(people.edit, "C0ENG", ts, "a & b")
    message = (await sandbox.act(people.messages, "C0ENG"))[0]
    assert (message["text"], message["edited"]["user"]) == ("a &amp; b", "U0LEAD")
    assert message["blocks"][0]["elements"][0]["elements"][0]["text"] == "a & b"
    await sandbox.act(people.react, "nadia", "C0ENG", ts, "eyes")
    assert await sandbox.act(people.reactions, "C0ENG", ts) == {"eyes": ["U0ONCALL"]}
    await sandbox.act(people.react, "nadia", "C0ENG", ts, "eyes", remove=True)
    await sandbox.act(people.delete, "C0ENG", ts)
    assert await sandbox.act(people.messages, "C0ENG") == []


async def test_an_app_posts_attachments_metadata_and_as_somebody(sandbox):
    """An alerting app's message keeps its attachments and metadata; a username makes it a bot_message."""
    metadata = {"event_type": "task_failed", "event_payload": {"dag_id": "a"}}
    extra = {"app": "Airflow", "attachments": [{"text": "red"}], "metadata": metadata, "username": "Airflow prod"}
    await sandbox.act(sandbox.people.say, "C0ALERTS", "failed <https://e.com|log>", **extra)
    message = (await sandbox.act(sandbox.people.messages, "C0ALERTS"))[0]
    assert message["text"] == "failed <https://e.com|log>"
    assert (message["attachments"], message["metadata"]) == ([{"text": "red"}], metadata)
    assert (message["subtype"], message["username"], "user" in message) == ("bot_message", "Airflow prod", False)
    shown = await sandbox.client.conversations_history(channel="C0ALERTS", include_all_metadata=True)
    hidden = await sandbox.client.conversations_history(channel="C0ALERTS")
    assert ["metadata" in answer["messages"][0] for answer in (shown, hidden)] == [True, False]


async def test_blocks_said_by_the_control_api_are_judged_too(sandbox):
    """An alert that Slack would refuse cannot be said."""
    with pytest.raises(ControlRefused, match=r"invalid_blocks.*json-pointer:/blocks/0"):
        await sandbox.act(sandbox.people.say, "C0ALERTS", "x", app="airflow", blocks=[{"type": "header"}])


async def test_members_come_and_go(sandbox):
    """Joining posts channel_join once; leaving ends membership."""
    people = sandbox.people
    await sandbox.act(people.member, "U0RUNBOOK", "C0ENG", leave=True)
    assert await sandbox.act(people.member, "U0RUNBOOK", "C0ENG")
    assert not await sandbox.act(people.member, "U0RUNBOOK", "C0ENG")
    assert [m["subtype"] for m in await sandbox.act(people.messages, "C0ENG")] == ["channel_join"]


async def test_limits_can_be_changed_while_running(start):
    """The control API switches rate limits off, for a benchmark."""
    sandbox = await start(rate_limits=True, message_burst=1)
    await sandbox.act(sandbox.people.limits, rate_limits=False)
    for _ in range(5):
        await sandbox.client.chat_postMessage(channel="C0ENG", text="x")


REFUSED = [
    ("say", {"text": "x"}, "missing_argument"),
    ("say", {"channel": "C0ENG", "text": "x"}, "missing_argument"),
    ("say", {"channel": "C0NONE", "user": "lee", "text": "x"}, "channel_not_found"),
    ("say", {"channel": "C0ENG", "user": "nobody", "text": "x"}, "user_not_found"),
    ("say", {"channel": "C0ENG", "app": "nothing", "text": "x"}, "app_not_found"),
    ("click", {"user": "lee", "channel": "C0ENG", "ts": "1.0", "action_id": "a"}, "message_not_found"),
    ("submit", {"user": "lee", "view_id": "V0"}, "not_found"),
    ("shortcut", {"user": "lee", "channel": "C0ENG", "ts": "1.0", "callback_id": "no"}, "unknown_shortcut"),
    ("usergroup", {"id": "S0NONE"}, "no_such_subteam"),
    ("delivery", {"mode": "pigeon"}, "invalid_mode"),
    ("sockets", {"action": "pull"}, "invalid_action"),
    ("faults", {"kind": "fire"}, "invalid_fault"),
    ("limits", {"tempo": 1}, "invalid_limits"),
    ("limits", {"message_rate": "fast"}, "invalid_limits"),
    ("limits", {"message_rate": 0}, "invalid_limits"),
    ("limits", {"message_rate": True}, "invalid_limits"),
    ("limits", {"message_burst": 0}, "invalid_limits"),
    ("limits", {"message_burst": 1.5}, "invalid_limits"),
    ("limits", {"rate_limits": 1}, "invalid_limits"),
    ("faults", {"clear": "first"}, "invalid_argument"),
    ("faults", {"kind": "delay", "seconds": "long"}, "invalid_fault"),
    ("close", {"user": "lee", "view_id": "V0"}, "not_found"),
]


@pytest.mark.parametrize(("action", "body", "code"), REFUSED)
async def test_what_makes_no_sense_is_refused(sandbox, action, body, code):
    """Each refusal is HTTP 400 with a code and a detail that says what would be right."""
    async with sandbox.client.session.post(f"{sandbox.server.url}/control/{action}", json=body) as response:
        answer = await response.json()
    assert (response.status, answer["error"], bool(answer["detail"])) == (400, code, True)


@pytest.mark.parametrize("data", [b"{", b"[]"])
async def test_a_body_that_is_no_object_is_refused(sandbox, data):
    """Broken JSON and JSON that is no object are told apart from a missing argument."""
    async with sandbox.client.session.post(f"{sandbox.server.url}/control/say", data=data) as response:
        assert (response.status, (await response.json())["error"]) == (400, "invalid_json")


async def test_a_query_number_that_is_none_is_refused(sandbox):
    """calls?after=x is an error of the caller, not of the server."""
    async with sandbox.client.session.get(f"{sandbox.server.url}/control/calls?after=x") as response:
        assert (response.status, (await response.json())["error"]) == (400, "invalid_argument")


async def test_the_stream_tells_every_change(sandbox):
    """Server-sent events carry kind and data, and start after `since` when asked."""
    await sandbox.act(sandbox.people.say, "C0ENG", "before", user="lee")
    async with sandbox.client.session.get(f"{sandbox.server.url}/control/events?since=0") as response:
        assert response.headers["Content-Type"] == "text/event-stream"
        await sandbox.act(sandbox.people.say, "C0ENG", "after", user="lee")
        frames = []
        async with asyncio.timeout(60):
            while len(frames) < 2:
                line = (await response.content.readline()).decode()
                if line.startswith("data: ") and "message" in line:
                    frames.append(json.loads(line.removeprefix("data: "))["message"]["text"])
    assert frames == ["before", "after"]


async def test_the_clients_stream_yields_changes(sandbox):
    """Workspace.stream gives (kind, data) pairs."""

    def first() -> tuple[str, dict[str, str]]:
        stream = sandbox.people.stream(timeout_s=60)
        asyncio.run_coroutine_threadsafe(said(), loop)
        return next(stream)

    async def said() -> None:
        await asyncio.sleep(0.1)
        await sandbox.client.auth_test()

    loop = asyncio.get_running_loop()
    kind, data = await asyncio.to_thread(first)
    assert (kind, data["method"]) == ("call", "auth.test")


async def test_a_stream_after_the_state_misses_nothing(sandbox):
    """Listening after the number of the state tells what happened in between."""
    number = (await sandbox.act(sandbox.people.state))["number"]
    await sandbox.act(sandbox.people.say, "C0ENG", "between", user="lee")
    kind, data = await sandbox.act(lambda: next(sandbox.people.stream(timeout_s=60, since=number)))
    assert (kind, data["message"]["text"]) == ("message", "between")


async def test_waiting_in_vain_says_so(sandbox):
    """wait_for raises NotSeen after its time, and does not ask more often than things change."""
    asked = []
    with pytest.raises(NotSeen, match=r"not within 0\.2 s"):
        await sandbox.see(lambda: asked.append(1), timeout_s=0.2)
    assert len(asked) <= 3


async def test_state_is_everything(sandbox):
    """The state holds people, apps, groups, channels with messages, commands and shortcuts."""
    await sandbox.act(sandbox.people.say, "C0ENG", "x", user="lee")
    state = await sandbox.act(sandbox.people.state)
    channels = {one["id"]: one for one in state["channels"]}
    assert len(channels["C0ENG"]["messages"]) == 1
    assert state["commands"] == ["/runbook"]
    assert state["shortcuts"] == {"run_playbook": "message"}
    assert {app["name"] for app in state["apps"]} == {"runbook-bot", "Airflow"}
    assert state["delivery"] == {"mode": "socket", "sockets": 0}
    assert state["number"] >= 1


async def test_nobody_connected_is_dispatch_failed(sandbox):
    """A command without a connected app fails at once with what Slack shows."""
    result = await sandbox.act(sandbox.people.command, "lee", "C0ENG", "/runbook")
    assert (result.acked, result.error, result.reason) == (False, "dispatch_failed", "no_connection")
