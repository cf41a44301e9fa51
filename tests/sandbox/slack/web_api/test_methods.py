"""What the methods of the Web API answer and refuse, with the real slack-sdk."""

import time

import pytest

from bot.sandbox.slack.web_api.dispatch import FORM_ONLY

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}


MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [{"type": "divider"}]}


async def test_auth_test_names_the_bot(sandbox):
    """auth.test says team, user and bot of the token."""
    answer = await sandbox.client.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("U0RUNBOOK", "B0RUNBOOK", "T0SANDBOX")


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
async def test_refusals_have_slacks_codes(sandbox, method, arguments, code, refusal):
    """Each refusal answers ok=false with the code that Slack documents."""
    sent = {"params" if method in FORM_ONLY else "json": arguments}
    assert (await refusal(sandbox.client.api_call(method, **sent)))[0] == code


async def test_others_messages_cannot_be_changed(sandbox, refusal):
    """chat.update and chat.delete refuse a message of somebody else."""
    ts = await sandbox.act(sandbox.people.say, "C0ALERTS", "theirs", app="airflow")
    update = sandbox.client.chat_update(channel="C0ALERTS", ts=ts, text="mine now")
    assert (await refusal(update))[0] == "cant_update_message"
    assert (await refusal(sandbox.client.chat_delete(channel="C0ALERTS", ts=ts)))[0] == "cant_delete_message"


async def test_not_in_channel(sandbox, refusal):
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


async def test_long_text_is_cut_when_posted_and_refused_when_updated(sandbox, refusal):
    """chat.postMessage cuts at 40,000 characters; chat.update refuses more than 4,000 bytes."""
    posted = await sandbox.client.chat_postMessage(channel="C0ENG", text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    update = sandbox.client.chat_update(channel="C0ENG", ts=posted["ts"], text="é" * 2_001)
    assert (await refusal(update))[0] == "msg_too_long"


async def test_invalid_blocks_point_at_the_fault(sandbox, refusal):
    """invalid_blocks carries errors and response_metadata.messages with the JSON pointer."""
    call = sandbox.client.chat_postMessage(channel="C0ENG", text="x", blocks=[{"type": "divider"}, SECTION])
    code, answer = await refusal(call)
    assert code == "invalid_blocks"
    line = "must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    assert line in answer["errors"]
    assert f"[ERROR] {line}" in answer["response_metadata"]["messages"]


async def test_too_many_characters_over_all_blocks(sandbox, refusal):
    """More than 13,200 characters in all blocks answer msg_blocks_too_long."""
    full = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2640}}] * 5
    assert (await sandbox.client.chat_postMessage(channel="C0ENG", text="x", blocks=full))["ok"]
    more = [*full, {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}]
    call = sandbox.client.chat_postMessage(channel="C0ENG", text="x", blocks=more)
    assert (await refusal(call))[0] == "msg_blocks_too_long"


async def test_blocks_validate(sandbox, refusal):
    """blocks.validate answers errors with pointer, code and message, relative to what was given."""
    assert (await sandbox.client.blocks_validate(blocks=[{"type": "divider"}]))["ok"]
    code, answer = await refusal(sandbox.client.blocks_validate(blocks=[{"type": "table"}]))
    assert code == "invalid_blocks"
    assert answer["errors"][0] == {"pointer": "/0", "code": "missing_field", "message": "missing required field: rows"}
    assert (await refusal(sandbox.client.blocks_validate(view={"type": "modal"})))[0] == "invalid_view"


async def test_a_trigger_id_dies_and_works_once(start, refusal):
    """views.open with a used trigger answers exchanged_trigger_id, with an old one expired_trigger_id."""
    sandbox = await start(trigger_lives=60.0)
    issue = sandbox.server.standin.triggers.issue
    fresh = issue("U0ONCALL", "A0RUNBOOK", time.monotonic())
    assert (await sandbox.client.views_open(trigger_id=fresh, view=MODAL))["view"]["id"]
    again = sandbox.client.views_open(trigger_id=fresh, view=MODAL)
    assert (await refusal(again))[0] == "exchanged_trigger_id"
    old = issue("U0ONCALL", "A0RUNBOOK", time.monotonic() - 60.1)
    late = sandbox.client.views_open(trigger_id=old, view=MODAL)
    assert (await refusal(late))[0] == "expired_trigger_id"


async def test_people_and_groups(sandbox):
    """users.*, usergroups.* answer the fixed people, and the control API changes who is on call."""
    found = await sandbox.client.users_lookupByEmail(email="nadia@example.com")
    assert found["user"]["id"] == "U0ONCALL"
    assert (await sandbox.client.usergroups_users_list(usergroup="S0ONCALL"))["users"] == ["U0ONCALL"]
    await sandbox.act(sandbox.people.usergroup, "S0ONCALL", ["U0LEAD"])
    groups = await sandbox.client.usergroups_list(include_users=True)
    assert groups["usergroups"][0]["users"] == ["U0LEAD"]
    assert {user["id"] for user in (await sandbox.client.users_list())["members"]} >= {"U0ONCALL", "U0RUNBOOK"}


async def test_reactions(sandbox, refusal):
    """A reaction is added once and removed once; the other tries have Slack's codes."""
    ts = (await sandbox.client.chat_postMessage(channel="C0ENG", text="x"))["ts"]
    where = {"channel": "C0ENG", "timestamp": ts, "name": "eyes"}
    await sandbox.client.reactions_add(**where)
    assert (await refusal(sandbox.client.reactions_add(**where)))[0] == "already_reacted"
    assert await sandbox.act(sandbox.people.reactions, "C0ENG", ts) == {"eyes": ["U0RUNBOOK"]}
    await sandbox.client.reactions_remove(**where)
    assert (await refusal(sandbox.client.reactions_remove(**where)))[0] == "no_reaction"


async def test_channels_are_described(sandbox, refusal):
    """conversations.info, members, open and users.conversations agree about who is where."""
    client = sandbox.client
    info = await client.conversations_info(channel="C0ALERTS", include_num_members=True)
    members = (await client.conversations_members(channel="C0ALERTS"))["members"]
    assert (info["channel"]["is_member"], info["channel"]["num_members"]) == (True, len(members))
    own = await client.users_conversations(types="public_channel")
    assert [channel["name"] for channel in own["channels"]] == ["data-alerts", "data-costs", "data-eng"]
    assert (await refusal(client.conversations_list(types="secret")))[0] == "invalid_types"


async def test_an_ephemeral_is_seen_by_one(sandbox, refusal):
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


async def test_attachments_are_judged(sandbox, refusal):
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


async def test_views_are_updated_by_either_id(sandbox, refusal):
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


async def test_reactions_are_read_with_their_message(sandbox):
    """reactions.get answers the message with its reactions."""
    ts = (await sandbox.client.chat_postMessage(channel="C0ENG", text="x"))["ts"]
    await sandbox.act(sandbox.people.react, "lee", "C0ENG", ts, "+1")
    answer = await sandbox.client.reactions_get(channel="C0ENG", timestamp=ts)
    assert answer["message"]["reactions"] == [{"name": "+1", "users": ["U0LEAD"], "count": 1}]
