"""The real slack-sdk against the Web API: methods, error codes, scopes, limits, files, webhooks, faults."""

import io
import time

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import WebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox.slack.manifest import Manifest

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [{"type": "divider"}]}


async def refusal(call):
    """The error code and the whole answer of a call that Slack refuses."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response["error"], caught.value.response


async def test_auth_test_names_the_bot(sandbox):
    """auth.test says team, user and bot of the token."""
    answer = await sandbox.client.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("U0RUNBOOK", "B0RUNBOOK", "T0SANDBOX")


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


CASES = [
    ("chat.postMessage", {"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C0ENG"}, "no_text"),
    ("chat.postMessage", {"channel": "C0ENG", "text": "x", "thread_ts": "1.0"}, "thread_not_found"),
    ("chat.postMessage", {"channel": "C0ENG", "text": "x", "username": "me"}, "missing_scope"),
    ("chat.postMessage", {"channel": "C0ENG", "text": "x", "blocks": "[{"}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": "C0ENG", "text": "x", "metadata": {"event_type": 1}}, "invalid_metadata_schema"),
    ("chat.update", {"channel": "C0ENG", "ts": "1.0", "text": "x"}, "message_not_found"),
    ("chat.delete", {"channel": "C0ENG", "ts": "1.0"}, "message_not_found"),
    ("chat.getPermalink", {"channel": "C0ENG", "message_ts": "1.0"}, "message_not_found"),
    ("chat.postEphemeral", {"channel": "C0ENG", "user": "U0AIRFLOW", "text": "x"}, "user_not_in_channel"),
    ("conversations.info", {"channel": "C0NOWHERE"}, "channel_not_found"),
    ("conversations.history", {"channel": "C0ENG", "cursor": "?"}, "invalid_cursor"),
    ("conversations.history", {"channel": "C0ENG", "limit": "many"}, "invalid_limit"),
    ("conversations.replies", {"channel": "C0ENG", "ts": "1.0"}, "thread_not_found"),
    ("conversations.open", {"users": "U0LEAD"}, "missing_scope"),
    ("reactions.add", {"channel": "C0ENG", "timestamp": "1.0", "name": "eyes"}, "message_not_found"),
    ("reactions.add", {"channel": "C0ENG", "timestamp": "1.0", "name": "not a name"}, "invalid_name"),
    ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
    ("users.lookupByEmail", {"email": "nobody@example.com"}, "users_not_found"),
    ("usergroups.users.list", {"usergroup": "S0NONE"}, "no_such_subteam"),
    ("views.update", {"view_id": "V0", "view": MODAL}, "not_found"),
    ("views.open", {"trigger_id": "1.2.3", "view": MODAL}, "invalid_trigger_id"),
    ("views.publish", {"user_id": "U0ONCALL", "view": MODAL}, "invalid_arguments"),
    ("files.completeUploadExternal", {"files": [{"id": "F0"}]}, "file_not_found"),
]


@pytest.mark.parametrize(("method", "arguments", "code"), CASES)
async def test_refusals_have_slacks_codes(sandbox, method, arguments, code):
    """Each refusal answers ok=false with the code that Slack documents."""
    assert (await refusal(sandbox.client.api_call(method, json=arguments)))[0] == code


async def test_others_messages_cannot_be_changed(sandbox):
    """chat.update and chat.delete refuse a message of somebody else."""
    ts = await sandbox.act(sandbox.people.say, "C0ALERTS", "theirs", app="airflow")
    update = sandbox.client.chat_update(channel="C0ALERTS", ts=ts, text="mine now")
    assert (await refusal(update))[0] == "cant_update_message"
    assert (await refusal(sandbox.client.chat_delete(channel="C0ALERTS", ts=ts)))[0] == "cant_delete_message"


async def test_not_in_channel(sandbox):
    """Posting and reading need membership; joining brings it, joining again is a warning."""
    sandbox.server.standin.workspace.channel("C0ENG").members.discard("U0RUNBOOK")
    assert (await refusal(sandbox.client.chat_postMessage(channel="C0ENG", text="x")))[0] == "not_in_channel"
    assert (await refusal(sandbox.client.conversations_history(channel="C0ENG")))[0] == "not_in_channel"
    assert "warning" not in (await sandbox.client.conversations_join(channel="C0ENG")).data
    assert (await sandbox.client.conversations_join(channel="C0ENG"))["warning"] == "already_in_channel"
    assert (await sandbox.client.chat_postMessage(channel="C0ENG", text="x"))["ok"]


async def test_updating_with_text_takes_the_blocks_away(sandbox):
    """Text alone removes blocks and marks the message edited; blocks leave no mark."""
    divider = [{"type": "divider"}]
    posted = await sandbox.client.chat_postMessage(channel="C0ENG", text="a", blocks=divider)
    with_blocks = await sandbox.client.chat_update(channel="C0ENG", ts=posted["ts"], text="b", blocks=divider)
    assert "edited" not in with_blocks["message"]
    with_text = await sandbox.client.chat_update(channel="C0ENG", ts=posted["ts"], text="c")
    assert "edited" in with_text["message"]
    assert "blocks" not in with_text["message"]


async def test_long_text_is_cut_when_posted_and_refused_when_updated(sandbox):
    """chat.postMessage cuts at 40,000 characters; chat.update refuses more than 4,000 bytes."""
    posted = await sandbox.client.chat_postMessage(channel="C0ENG", text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    update = sandbox.client.chat_update(channel="C0ENG", ts=posted["ts"], text="é" * 2_001)
    assert (await refusal(update))[0] == "msg_too_long"


async def test_invalid_blocks_point_at_the_fault(sandbox):
    """invalid_blocks carries errors and response_metadata.messages with the JSON pointer."""
    call = sandbox.client.chat_postMessage(channel="C0ENG", text="x", blocks=[{"type": "divider"}, SECTION])
    code, answer = await refusal(call)
    assert code == "invalid_blocks"
    line = "must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    assert line in answer["errors"]
    assert f"[ERROR] {line}" in answer["response_metadata"]["messages"]


async def test_too_many_characters_over_all_blocks(sandbox):
    """More than 13,200 characters in all blocks answer msg_blocks_too_long."""
    full = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2640}}] * 5
    assert (await sandbox.client.chat_postMessage(channel="C0ENG", text="x", blocks=full))["ok"]
    more = [*full, {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}]
    call = sandbox.client.chat_postMessage(channel="C0ENG", text="x", blocks=more)
    assert (await refusal(call))[0] == "msg_blocks_too_long"


async def test_blocks_validate(sandbox):
    """blocks.validate answers errors with pointer, code and message, relative to what was given."""
    assert (await sandbox.client.blocks_validate(blocks=[{"type": "divider"}]))["ok"]
    code, answer = await refusal(sandbox.client.blocks_validate(blocks=[{"type": "table"}]))
    assert code == "invalid_blocks"
    assert answer["errors"][0] == {"pointer": "/0", "code": "missing_field", "message": "missing required field: rows"}
    assert (await refusal(sandbox.client.blocks_validate(view={"type": "modal"})))[0] == "invalid_view"


async def test_missing_scope_says_needed_and_provided(start, make_manifest):
    """A method whose scope the manifest lacks answers missing_scope with both lists."""
    narrow: Manifest = make_manifest(scopes=["chat:write", "channels:read"])
    sandbox = await start(narrow)
    code, answer = await refusal(sandbox.client.conversations_history(channel="C0ENG"))
    assert (code, answer["needed"], answer["provided"]) == (
        "missing_scope",
        "channels:history",
        "channels:read,chat:write",
    )


async def test_one_message_a_second_per_channel(start):
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


async def test_faults_delay_break_and_drop(sandbox):
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


async def test_a_file_is_uploaded_in_three_calls(sandbox):
    """files_upload_v2 of the SDK shares a file in a thread, and its bytes can be read back."""
    root = await sandbox.client.chat_postMessage(channel="C0ENG", text="chart follows")
    answer = await sandbox.client.files_upload_v2(
        channel="C0ENG", content=b"\x89PNG", filename="c.png", initial_comment="runs", thread_ts=root["ts"]
    )
    message = sandbox.people.messages
    reply = (await sandbox.act(message, "C0ENG", root["ts"]))[1]
    assert (reply["text"], reply["files"][0]["id"]) == ("runs", answer["file"]["id"])
    async with sandbox.client.session.get(reply["files"][0]["url_private"]) as response:
        assert await response.read() == b"\x89PNG"


async def test_a_file_that_is_still_processed_cannot_be_shown(start):
    """An image block with a slack_file that is not ready answers invalid_blocks."""
    sandbox = await start(file_processing=60)
    file = (await sandbox.client.files_upload_v2(content=b"x", filename="c.png"))["file"]["id"]
    block = {"type": "image", "alt_text": "chart", "slack_file": {"id": file}}
    call = sandbox.client.chat_postMessage(channel="C0ENG", text="x", blocks=[block])
    assert (await refusal(call))[0] == "invalid_blocks"


async def test_an_incoming_webhook_posts_a_bot_message(sandbox):
    """A webhook answers plain ok, and its message is a bot_message without a user."""
    url = f"{sandbox.server.url}/services/T0SANDBOX/B0AIRFLOW/C0ALERTS"
    answer = await AsyncWebhookClient(url, session=sandbox.client.session).send(text="task failed")
    assert (answer.status_code, answer.body) == (200, "ok")
    message = (await sandbox.act(sandbox.people.messages, "C0ALERTS"))[-1]
    assert (message["subtype"], message["bot_id"], "user" in message) == ("bot_message", "B0AIRFLOW", False)
    empty = await AsyncWebhookClient(url, session=sandbox.client.session).send(text="")
    assert (empty.status_code, empty.body) == (400, "no_text")


async def test_a_trigger_id_dies_and_works_once(start):
    """views.open with a used trigger answers exchanged_trigger_id, with an old one expired_trigger_id."""
    sandbox = await start(trigger_lives=0.1)
    issue = sandbox.server.standin.triggers.issue
    fresh = issue("U0ONCALL", "A0RUNBOOK", time.monotonic())
    assert (await sandbox.client.views_open(trigger_id=fresh, view=MODAL))["view"]["id"]
    again = sandbox.client.views_open(trigger_id=fresh, view=MODAL)
    assert (await refusal(again))[0] == "exchanged_trigger_id"
    old = issue("U0ONCALL", "A0RUNBOOK", time.monotonic() - 0.2)
    late = sandbox.client.views_open(trigger_id=old, view=MODAL)
    assert (await refusal(late))[0] == "expired_trigger_id"


async def test_calls_are_logged_with_monotonic_times(sandbox):
    """The call log holds method, arguments without the token, answer and nanoseconds in order."""
    await sandbox.client.chat_postMessage(channel="C0ENG", text="logged")
    call = (await sandbox.act(sandbox.people.calls, "chat.postMessage"))[0]
    assert call["args"] == {"channel": "C0ENG", "text": "logged"}
    assert call["answer"]["ok"]
    assert call["received_ns"] <= call["answered_ns"] <= time.monotonic_ns()


async def test_people_and_groups(sandbox):
    """users.*, usergroups.* answer the fixed people, and the control API changes who is on call."""
    found = await sandbox.client.users_lookupByEmail(email="nadia@example.com")
    assert found["user"]["id"] == "U0ONCALL"
    assert (await sandbox.client.usergroups_users_list(usergroup="S0ONCALL"))["users"] == ["U0ONCALL"]
    await sandbox.act(sandbox.people.usergroup, "S0ONCALL", ["U0LEAD"])
    groups = await sandbox.client.usergroups_list(include_users=True)
    assert groups["usergroups"][0]["users"] == ["U0LEAD"]
    assert {user["id"] for user in (await sandbox.client.users_list())["members"]} >= {"U0ONCALL", "U0RUNBOOK"}


async def test_reactions(sandbox):
    """A reaction is added once and removed once; the other tries have Slack's codes."""
    ts = (await sandbox.client.chat_postMessage(channel="C0ENG", text="x"))["ts"]
    where = {"channel": "C0ENG", "timestamp": ts, "name": "eyes"}
    await sandbox.client.reactions_add(**where)
    assert (await refusal(sandbox.client.reactions_add(**where)))[0] == "already_reacted"
    assert await sandbox.act(sandbox.people.reactions, "C0ENG", ts) == {"eyes": ["U0RUNBOOK"]}
    await sandbox.client.reactions_remove(**where)
    assert (await refusal(sandbox.client.reactions_remove(**where)))[0] == "no_reaction"


async def test_channels_are_described(sandbox):
    """conversations.info, members, open and users.conversations agree about who is where."""
    client = sandbox.client
    info = await client.conversations_info(channel="C0ALERTS", include_num_members=True)
    members = (await client.conversations_members(channel="C0ALERTS"))["members"]
    assert (info["channel"]["is_member"], info["channel"]["num_members"]) == (True, len(members))
    own = await client.users_conversations(types="public_channel")
    assert [channel["name"] for channel in own["channels"]] == ["data-alerts", "data-costs", "data-eng"]
    assert (await refusal(client.conversations_list(types="secret")))[0] == "invalid_types"


async def test_an_ephemeral_is_seen_by_one(sandbox):
    """chat.postEphemeral answers message_ts; nobody can update it by that ts."""
    answer = await sandbox.client.chat_postEphemeral(channel="C0ENG", user="U0LEAD", text="only you")
    assert (await sandbox.act(sandbox.people.ephemerals, "lee"))[0]["ts"] == answer["message_ts"]
    update = sandbox.client.chat_update(channel="C0ENG", ts=answer["message_ts"], text="x")
    assert (await refusal(update))[0] == "message_not_found"


async def test_permalinks_of_replies_name_the_thread(sandbox):
    """A reply's permalink carries thread_ts and cid."""
    root = (await sandbox.client.chat_postMessage(channel="C0ENG", text="root"))["ts"]
    reply = (await sandbox.client.chat_postMessage(channel="C0ENG", text="r", thread_ts=root))["ts"]
    link = (await sandbox.client.chat_getPermalink(channel="C0ENG", message_ts=reply))["permalink"]
    assert link.endswith(f"/archives/C0ENG/p{reply.replace('.', '')}?thread_ts={root}&cid=C0ENG")


async def test_own_messages_are_deleted(sandbox):
    """chat.delete takes an own message out of the history."""
    ts = (await sandbox.client.chat_postMessage(channel="C0ENG", text="oops"))["ts"]
    await sandbox.client.chat_delete(channel="C0ENG", ts=ts)
    assert (await sandbox.client.conversations_history(channel="C0ENG"))["messages"] == []


async def test_attachments_are_judged(sandbox):
    """Blocks in attachments are checked, with the pointer of the attachment."""
    attachment = {"color": "#f00", "blocks": [{"type": "header"}]}
    code, answer = await refusal(sandbox.client.chat_postMessage(channel="C0ENG", text="x", attachments=[attachment]))
    assert (code, "/attachments/0/blocks/0" in answer["errors"][0]) == ("invalid_attachments", True)
    many = sandbox.client.chat_postMessage(channel="C0ENG", text="x", attachments=[{"text": "a"}] * 101)
    assert (await refusal(many))[0] == "too_many_attachments"


async def test_a_message_to_a_person_opens_the_direct_channel(sandbox):
    """chat.postMessage to a user id posts in the direct channel with them."""
    answer = await sandbox.client.chat_postMessage(channel="U0LEAD", text="psst")
    assert answer["channel"] == "D0LEAD"


async def test_views_are_updated_by_either_id(sandbox):
    """views.update finds a view by view_id or external_id; views.push needs one below."""
    view = {**MODAL, "external_id": "mine"}
    issue = sandbox.server.standin.triggers.issue
    trigger_ids = [issue("U0LEAD", "A0RUNBOOK", time.monotonic()) for _ in range(3)]
    lonely = sandbox.client.views_push(trigger_id=trigger_ids[0], view=MODAL)
    assert (await refusal(lonely))[0] == "view_not_found"
    opened = (await sandbox.client.views_open(trigger_id=trigger_ids[1], view=view))["view"]
    updated = (await sandbox.client.views_update(external_id="mine", view=view))["view"]
    assert (updated["id"], updated["hash"] == opened["hash"]) == (opened["id"], False)
    pushed = (await sandbox.client.views_push(trigger_id=trigger_ids[2], view=MODAL))["view"]
    assert (pushed["previous_view_id"], pushed["root_view_id"]) == (opened["id"], opened["id"])
    assert (await refusal(sandbox.client.views_update(view_id=pushed["id"], view={"type": "home", "blocks": []})))[
        0
    ] == "invalid_arguments"


async def test_bots_teams_and_uploads_refuse_what_they_do_not_know(sandbox):
    """bots.info finds bots; team.info wants a scope that the manifest lacks; bad uploads are refused."""
    assert (await sandbox.client.bots_info(bot="B0AIRFLOW"))["bot"]["name"] == "Airflow"
    assert (await refusal(sandbox.client.bots_info(bot="B0NONE")))[0] == "bot_not_found"
    assert (await refusal(sandbox.client.team_info()))[1]["needed"] == "team:read"
    upload = await sandbox.client.files_getUploadURLExternal(filename="a.txt", length=3)
    async with sandbox.client.session.post(upload["upload_url"], data=b"four") as response:
        assert (response.status, await response.text()) == (400, "length_mismatch")
    complete = sandbox.client.files_completeUploadExternal(files=[{"id": upload["file_id"]}])
    assert (await refusal(complete))[0] == "file_not_uploaded"


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


@pytest.mark.parametrize(
    ("path", "data", "status", "text"),
    [
        ("services/T0SANDBOX/B0NONE/C0ALERTS", b'{"text": "x"}', 404, "app_not_found"),
        ("services/T0SANDBOX/B0AIRFLOW/C0NONE", b'{"text": "x"}', 404, "channel_not_found"),
        ("services/T0SANDBOX/B0AIRFLOW/C0ALERTS", b"{", 400, "invalid_payload"),
        ("services/T0SANDBOX/B0AIRFLOW/C0ALERTS", b"[]", 400, "invalid_payload"),
        ("files/F0/none.png", None, 404, "file_not_found"),
    ],
)
async def test_bad_webhooks_and_files(sandbox, path, data, status, text):
    """A webhook or file that does not exist is 404, a body that cannot be read 400, each with its code."""
    verb = "POST" if data else "GET"
    headers = {"Content-Type": "application/json"}
    url = f"{sandbox.server.url}/{path}"
    async with sandbox.client.session.request(verb, url, data=data, headers=headers) as response:
        assert (response.status, await response.text()) == (status, text)


async def test_a_webhook_takes_the_old_form_too(sandbox):
    """A form field `payload` with JSON is read like a JSON body."""
    url = f"{sandbox.server.url}/services/T0SANDBOX/B0AIRFLOW/C0ALERTS"
    async with sandbox.client.session.post(url, data={"payload": '{"text": "old"}'}) as response:
        assert await response.text() == "ok"
    assert (await sandbox.act(sandbox.people.messages, "C0ALERTS"))[-1]["text"] == "old"


async def test_reactions_are_read_with_their_message(sandbox):
    """reactions.get answers the message with its reactions."""
    ts = (await sandbox.client.chat_postMessage(channel="C0ENG", text="x"))["ts"]
    await sandbox.act(sandbox.people.react, "lee", "C0ENG", ts, "+1")
    answer = await sandbox.client.reactions_get(channel="C0ENG", timestamp=ts)
    assert answer["message"]["reactions"] == [{"name": "+1", "users": ["U0LEAD"], "count": 1}]
