"""The way into the Web API: tokens, scopes, bodies, rate limits, faults and the call log, with the real slack-sdk."""

import io
import time

import aiohttp
import pytest
from slack_sdk.web import WebClient

from bot.sandbox.slack.manifest import Manifest


async def test_the_sync_client_works_too(sandbox):
    """The synchronous client, which sends auth.test as JSON with an empty body, is understood."""
    client = WebClient(token="xoxb-sandbox-airflow", base_url=f"{sandbox.server.url}/api/")
    answer = await sandbox.act(client.auth_test)
    assert answer["user_id"] == "U0AIRFLOW"


@pytest.mark.parametrize(
    ("token", "method", "code"),
    [
        ("", "auth.test", "not_authed"),
        ("xoxb-other", "auth.test", "invalid_auth"),
        ("xapp-sandbox-runbook", "auth.test", "not_allowed_token_type"),
        ("xoxb-sandbox-runbook", "apps.connections.open", "not_allowed_token_type"),
        ("xoxb-sandbox-runbook", "chat.whisper", "unknown_method"),
    ],
)
async def test_bad_tokens_and_methods(sandbox, token, method, code):
    """A missing, unknown or wrong kind of token and an unknown method have Slack's own codes."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with sandbox.client.session.post(f"{sandbox.server.url}/api/{method}", headers=headers) as response:
        assert (await response.json())["error"] == code


async def test_missing_scope_says_needed_and_provided(start, make_manifest, refusal):
    """A method whose scope the manifest lacks answers missing_scope with both lists."""
    narrow: Manifest = make_manifest(scopes=["chat:write", "channels:read"])
    sandbox = await start(narrow)
    code, answer = await refusal(sandbox.client.conversations_history(channel="C0ENG"))
    assert (code, answer["needed"], answer["provided"]) == (
        "missing_scope",
        "channels:history",
        "channels:read,chat:write",
    )


async def test_one_message_a_second_per_channel(start, refusal):
    """Beyond the burst a channel answers 429 with Retry-After, another channel does not."""
    sandbox = await start(rate_limits=True, message_burst=2, message_rate=0.5)
    for _ in range(2):
        await sandbox.client.chat_postMessage(channel="C0ENG", text="x")
    code, answer = await refusal(sandbox.client.chat_postMessage(channel="C0ENG", text="x"))
    assert (code, answer.status_code, answer.headers["Retry-After"]) == ("ratelimited", 429, "2")
    assert (await sandbox.client.chat_postMessage(channel="C0COSTS", text="x"))["ok"]


async def test_every_second_call_fails_on_demand(sandbox):
    """A ratelimited fault with every=2 strikes every second call, for `times` strikes."""
    await sandbox.act(sandbox.people.faults, "ratelimited", method="auth.test", every=2, times=2, retry_after=7)
    codes = []
    for _ in range(6):
        headers = {"Authorization": f"Bearer {sandbox.client.token}"}
        async with sandbox.client.session.post(f"{sandbox.server.url}/api/auth.test", headers=headers) as response:
            codes.append(response.status)
    assert codes == [200, 429, 200, 429, 200, 200]


async def test_faults_delay_break_and_drop(sandbox, refusal):
    """status answers 5xx, api_error an error code, delay waits, drop aborts; clearing ends them."""
    people = sandbox.people
    await sandbox.act(people.faults, "status", status=503, times=1)
    assert (await refusal(sandbox.client.auth_test()))[1].status_code == 503
    await sandbox.act(people.faults, "api_error", error="fatal_error", times=1)
    assert (await refusal(sandbox.client.auth_test()))[0] == "fatal_error"
    await sandbox.act(people.faults, "delay", seconds=0.2, times=1)
    began = time.monotonic()
    await sandbox.client.auth_test()
    assert time.monotonic() - began >= 0.2
    await sandbox.act(people.faults, "drop")
    with pytest.raises(Exception, match=r"disconnected|reset"):
        await sandbox.client.auth_test()
    assert await sandbox.act(people.clear_faults) == 4
    assert (await sandbox.client.auth_test())["ok"]


async def test_calls_are_logged_with_monotonic_times(sandbox):
    """The call log holds method, arguments without the token, answer and nanoseconds in order."""
    await sandbox.client.chat_postMessage(channel="C0ENG", text="logged")
    call = (await sandbox.act(sandbox.people.calls, "chat.postMessage"))[0]
    assert call["args"] == {"channel": "C0ENG", "text": "logged"}
    assert call["answer"]["ok"]
    assert call["received_ns"] <= call["answered_ns"] <= time.monotonic_ns()


RAW = [
    ({"data": b"{", "headers": {"Content-Type": "application/json"}}, "invalid_json"),
    ({"data": b"[]", "headers": {"Content-Type": "application/json"}}, "json_not_object"),
    ({"data": {"channel": "C0ENG", "text": "form", "blocks": '[{"type": "divider"}]'}}, None),
    ({"params": {"channel": "C0ENG", "text": "query"}}, None),
]


@pytest.mark.parametrize(("sent", "code"), RAW)
async def test_json_forms_and_queries_are_read(sandbox, sent, code):
    """Arguments come as JSON, form fields or query; what is broken has Slack's code."""
    headers = {"Authorization": f"Bearer {sandbox.client.token}", **sent.get("headers", {})}
    request = {**sent, "headers": headers}
    async with sandbox.client.session.post(f"{sandbox.server.url}/api/chat.postMessage", **request) as response:
        assert (await response.json()).get("error") == code


async def test_a_multipart_form_is_read(sandbox):
    """Multipart bodies carry arguments (and the token) and uploads too."""
    form = aiohttp.FormData(
        {"token": sandbox.client.token, "channel": "C0ENG", "text": "parts"}, default_to_multipart=True
    )
    async with sandbox.client.session.post(f"{sandbox.server.url}/api/chat.postMessage", data=form) as response:
        assert (await response.json())["message"]["text"] == "parts"
    upload = await sandbox.client.files_getUploadURLExternal(filename="a.txt", length=3)
    parts = aiohttp.FormData({"file": io.BytesIO(b"abc")})
    async with sandbox.client.session.post(upload["upload_url"], data=parts) as response:
        assert response.status == 200


LOST = [
    ("users.info", {"user": "U0LEAD"}, "user_not_found"),
    ("users.lookupByEmail", {"email": "lee@example.com"}, "users_not_found"),
    ("usergroups.users.list", {"usergroup": "S0LEADS"}, "invalid_arguments"),
    ("files.getUploadURLExternal", {"filename": "a.png", "length": 3}, "invalid_arguments"),
]


@pytest.mark.parametrize(("method", "arguments", "code"), LOST)
async def test_reading_methods_do_not_hear_json(sandbox, refusal, method, arguments, code):
    """As reported, what a JSON body says to them is dropped; the same as a form is heard."""
    assert (await refusal(sandbox.client.api_call(method, json=arguments)))[0] == code
    assert (await sandbox.client.api_call(method, data=arguments))["ok"]


async def test_a_limit_in_json_is_lost_without_a_word(sandbox):
    """With optional arguments only, the call is answered as if there were none."""
    whole = await sandbox.client.api_call("users.list", json={"limit": 1})
    paged = await sandbox.client.api_call("users.list", data={"limit": 1})
    assert (len(whole["members"]) > 1, len(paged["members"])) == (True, 1)
