"""The workspace's state without a network: messages, threads, pages, text, views, triggers, the feed, a snapshot."""

import asyncio
import json

import pytest

from bot.sandbox.slack import composer, escaping
from bot.sandbox.slack.changes import Feed
from bot.sandbox.slack.channel import Channel
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.seed import ALERTING_APP, runbook_app
from bot.sandbox.slack.settings import Settings
from bot.sandbox.slack.snapshot import SnapshotError, read_snapshot, write_snapshot
from bot.sandbox.slack.standin import Standin
from bot.sandbox.slack.triggers import Triggers
from bot.sandbox.slack.views import Views
from bot.sandbox.slack.workspace import Draft, Workspace


@pytest.fixture
def bot(make_manifest):
    """The bot under test."""
    return runbook_app(make_manifest())


@pytest.fixture
def workspace(bot):
    """A workspace whose clock stands still."""
    return Workspace((bot, ALERTING_APP), Feed(100, 10), lambda: 1_700_000_000.0)


def say(workspace, text="x", **fields):
    """Post as nadia; the message."""
    return workspace.post(Draft("C0ALERTS", text, **fields), workspace.by_person("U0ONCALL"))


def test_ts_are_unique_and_grow(workspace):
    """Messages within one microsecond still get growing ts of Slack's form."""
    stamps = [say(workspace)["ts"] for _ in range(3)]
    assert stamps == ["1700000000.000000", "1700000000.000001", "1700000000.000002"]


def test_who_is_where(workspace):
    """The fixed names of the sandbox: members, groups, direct channels."""
    assert {"U0RUNBOOK", "U0AIRFLOW", "U0ONCALL"} <= workspace.channel("data-alerts").members
    assert "U0AIRFLOW" not in workspace.channel("#data-eng").members
    assert workspace.groups["S0LEADS"]["users"] == ["U0LEAD"]
    assert workspace.channel("U0LEAD").id == "D0LEAD"


def test_a_reply_counts_on_its_root(workspace):
    """Replies, also to a reply, belong to the root, which counts them."""
    root = say(workspace)
    reply = say(workspace, thread_ts=root["ts"])
    again = say(workspace, thread_ts=reply["ts"])
    assert again["thread_ts"] == root["ts"]
    assert (root["reply_count"], root["latest_reply"], root["reply_users"]) == (2, again["ts"], ["U0ONCALL"])
    assert workspace.channel("C0ALERTS").top == [root["ts"]]


def test_a_broadcast_reply_is_in_both_places(workspace):
    """reply_broadcast shows a reply in the channel too."""
    root = say(workspace)
    reply = say(workspace, thread_ts=root["ts"], broadcast=True)
    assert workspace.channel("C0ALERTS").top == [root["ts"], reply["ts"]]


def test_deleting_a_root_leaves_a_tombstone(workspace):
    """A root with replies stays as a tombstone; a reply and a lonely message go."""
    root, lonely = say(workspace), say(workspace)
    reply = say(workspace, thread_ts=root["ts"])
    channel = workspace.channel("C0ALERTS")
    workspace.delete(channel, root["ts"])
    assert channel.find(root["ts"])["subtype"] == "tombstone"
    workspace.delete(channel, lonely["ts"])
    workspace.delete(channel, reply["ts"])
    assert channel.find(root["ts"])["reply_count"] == 0
    with pytest.raises(Refusal, match="message_not_found"):
        channel.find(lonely["ts"])


def test_an_ephemeral_is_in_no_history(workspace):
    """Only its reader has it, and deleting takes it away."""
    message = workspace.post_ephemeral(Draft("C0ALERTS", "psst"), workspace.by_app(ALERTING_APP), "U0LEAD")
    channel = workspace.channel("C0ALERTS")
    assert (channel.top, channel.ephemerals[0]["to_user"]) == ([], "U0LEAD")
    workspace.delete_ephemeral(channel, message["ts"])
    assert not channel.ephemerals


PAGES = [
    ({}, ["5", "4", "3", "2", "1"], False),
    ({"limit": 2}, ["5", "4"], True),
    ({"oldest": "3"}, ["5", "4"], False),
    ({"oldest": "3", "inclusive": True}, ["5", "4", "3"], False),
    ({"latest": "3"}, ["2", "1"], False),
    ({"oldest": "2", "latest": "4"}, ["3"], False),
    ({"oldest": "2", "latest": "4", "inclusive": True, "limit": 2}, ["4", "3"], True),
    ({"latest": "3", "newest_first": False}, ["1", "2"], False),
    ({"limit": 2, "newest_first": False}, ["1", "2"], True),
    ({"oldest": "9"}, [], False),
]


@pytest.mark.parametrize(("asked", "stamps", "more"), PAGES)
def test_pages_of_history(asked, stamps, more):
    """oldest, latest, inclusive and limit cut the same page as Slack's."""
    channel = Channel("C1", "c")
    for number in range(1, 6):
        channel.add({"ts": str(number)})
    given = {"oldest": "", "latest": "", "inclusive": False, "limit": 10, "newest_first": True, **asked}
    messages, left = channel.page(channel.top, **given)
    assert ([message["ts"] for message in messages], left) == (stamps, more)


async def test_history_and_replies_page_by_cursor(sandbox):
    """Following next_cursor sees every message once, in order; a thread starts with its root."""
    client = sandbox.client
    sent = [(await client.chat_postMessage(channel="C0ENG", text=str(n)))["ts"] for n in range(7)]
    for number in range(5):
        await client.chat_postMessage(channel="C0ENG", text=f"r{number}", thread_ts=sent[0])
    seen = []
    async for page in await client.conversations_history(channel="C0ENG", limit=3):
        seen += [message["ts"] for message in page["messages"]]
    assert seen == sent[::-1]
    texts = []
    async for page in await client.conversations_replies(channel="C0ENG", ts=sent[0], limit=2):
        texts += [message["text"] for message in page["messages"]]
    assert texts == ["0", "r0", "r1", "r2", "r3", "r4"]


async def test_lists_page_by_cursor(sandbox):
    """conversations.list with limit 2 needs two pages and ends with an empty cursor."""
    pages, cursors = [], []
    async for page in await sandbox.client.conversations_list(limit=2):
        pages.append([channel["id"] for channel in page["channels"]])
        cursors.append(page["response_metadata"]["next_cursor"])
    assert pages == [["C0ALERTS", "C0COSTS"], ["C0ENG"]]
    assert cursors[-1] == ""


TYPED = [
    ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
    ("see https://e.com/a?b=1&c=2.", "see <https://e.com/a?b=1&amp;c=2>."),
    ("@nadia look at #data-eng", "<@U0ONCALL> look at <#C0ENG|data-eng>"),
    ("mail me@nadia.org #unknown @nobody", "mail me@nadia.org #unknown @nobody"),
    ("<@U0LEAD>", "&lt;@U0LEAD&gt;"),
]


@pytest.mark.parametrize(("text", "wire"), TYPED)
def test_typed_text_becomes_wire_text(workspace, text, wire):
    """What a person types is escaped, and known names and URLs become tokens."""
    assert workspace.type_text(text) == wire


POSTED = [
    ("a < b & c &amp; d", "a &lt; b &amp; c &amp; d"),
    ("<@U0LEAD> and <!here> in <#C0ENG>", "<@U0LEAD> and <!here> in <#C0ENG>"),
    ("<https://e.com|site> https://e.com/x", "<https://e.com|site> <https://e.com/x>"),
    ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
]


@pytest.mark.parametrize(("text", "wire"), POSTED)
def test_posted_text_keeps_its_tokens(text, wire):
    """What an app posts keeps control sequences and entities; the rest is escaped."""
    assert escaping.posted(text) == wire


def test_typed_messages_carry_rich_text():
    """The composer's rich_text block holds text unescaped, mentions and links as parts."""
    block = composer.rich_text("hi <@U0LEAD> a &lt; b <https://e.com?a=1&amp;b=2> <!here>")
    parts = block["elements"][0]["elements"]
    assert [part["type"] for part in parts] == ["text", "user", "text", "link", "text", "broadcast"]
    assert (parts[2]["text"], parts[3]["url"]) == (" a < b ", "https://e.com?a=1&b=2")


MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [{"type": "divider"}]}


def test_a_stack_holds_three_views(bot):
    """A fourth push is refused; closing the middle one closes what is above it."""
    views = Views(Feed(10, 10))
    first = views.open(bot, "U0LEAD", MODAL)
    second = views.push(bot, "U0LEAD", MODAL)
    third = views.push(bot, "U0LEAD", MODAL)
    assert (third["root_view_id"], third["previous_view_id"]) == (first["id"], second["id"])
    with pytest.raises(Refusal, match="push_limit_reached"):
        views.push(bot, "U0LEAD", MODAL)
    views.close(second["id"])
    assert [view["id"] for view in views.of("U0LEAD")] == [first["id"]]


def test_a_stale_hash_is_a_conflict(bot):
    """views.update with the hash of an older content is refused."""
    views = Views(Feed(10, 10))
    view = views.open(bot, "U0LEAD", MODAL)
    old = view["hash"]
    views.update(view, MODAL, old)
    with pytest.raises(Refusal, match="hash_conflict"):
        views.update(view, MODAL, old)


def test_a_trigger_lives_three_seconds():
    """At exactly 3 s it still works, after that it is expired; another app cannot use it."""
    triggers = Triggers(3.0)
    first, second = triggers.issue("U0LEAD", "A1", 10.0), triggers.issue("U0LEAD", "A1", 10.0)
    assert triggers.spend(first, "A1", 13.0) == "U0LEAD"
    with pytest.raises(Refusal, match="expired_trigger_id"):
        triggers.spend(second, "A1", 13.01)
    with pytest.raises(Refusal, match="invalid_trigger_id"):
        triggers.spend(second, "A2", 11.0)


async def test_a_slow_listener_is_cut_off():
    """A listener whose queue is full is ended and gets no more; others go on."""
    feed = Feed(remember=3, queue=2)
    slow = feed.listen()
    for number in range(4):
        feed.publish("x", {"n": number})
    assert (slow.ended, slow.queue.qsize()) == (True, 2)
    assert [change.number for change in feed.since(0)] == [2, 3, 4]


async def test_waiting_for_a_change():
    """A waiter wakes at the next change, at once when there was one, and gives up in time."""
    feed = Feed(10, 10)
    waiting = asyncio.create_task(feed.wait_beyond(0, 5))
    await asyncio.sleep(0)
    feed.publish("x", {})
    assert await waiting
    assert await feed.wait_beyond(0, 0)
    assert not await feed.wait_beyond(1, 0.01)


async def test_a_snapshot_brings_the_workspace_back(make_manifest, tmp_path):
    """After a restart threads, groups, homes and files are as before, and new ts are later."""
    path, home = tmp_path / "workspace.json", {"type": "home", "blocks": [{"type": "divider"}]}
    before = Standin(make_manifest(), Settings(), "http://127.0.0.1:1", tmp_path)
    root = say(before.workspace, "root")
    say(before.workspace, "reply", thread_ts=root["ts"])
    before.workspace.set_group("S0ONCALL", ["U0LEAD"])
    before.views.publish(before.bot, "U0LEAD", home)
    upload = before.files.announce("A0RUNBOOK", "c.png", 1)
    before.files.receive(upload.id, upload.token, b"x")
    before.files.complete(upload.id, None, "U0RUNBOOK", "http://127.0.0.1:1")
    write_snapshot(before, path)
    after = Standin(make_manifest(), Settings(), "http://127.0.0.1:2", tmp_path)
    assert read_snapshot(after, path)
    channel = after.workspace.channel("C0ALERTS")
    assert channel.find(root["ts"])["reply_count"] == 1
    assert after.workspace.groups["S0ONCALL"]["users"] == ["U0LEAD"]
    assert after.views.home("U0LEAD")["type"] == "home"
    assert after.files.content(upload.id) == b"x"
    assert after.workspace.new_ts() > root["ts"]


MISSHAPEN = {"format": 1, "channels": [], "groups": [], "homes": {}, "files": []}
SNAPSHOTS = ["{", "[]", "null", *(json.dumps(one) for one in ({"format": 0}, {"format": 1}, MISSHAPEN))]


@pytest.mark.parametrize("text", SNAPSHOTS)
def test_a_bad_snapshot_is_refused(make_manifest, tmp_path, text):
    """A file that is no snapshot is refused with its path and what to do; a missing one is fine."""
    path = tmp_path / "workspace.json"
    standin = Standin(make_manifest(), Settings(), "http://127.0.0.1:1")
    assert not read_snapshot(standin, path)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SnapshotError, match=r"workspace\.json.*delete it"):
        read_snapshot(standin, path)
