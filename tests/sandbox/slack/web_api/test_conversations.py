"""Reading conversations: which channel is meant, pages between two times, threads, and who may look."""

import pytest

from bot.sandbox.slack.channel import Channel
from bot.sandbox.slack.seed import ALERTING_APP


@pytest.fixture
def fill(standin, ask):
    """Post that many messages to #data-eng, in one thread when told to; their ts, oldest first."""

    def run(count, **fields):
        return [ask("chat.postMessage", channel="C0ENG", text=str(n), **fields)["ts"] for n in range(count)]

    return run


def follow(ask, method, **arguments):
    """Every page of a method: the ts on each."""
    pages, cursor = [], ""
    while True:
        answer = ask(method, channel="C0ENG", cursor=cursor, **arguments)
        pages.append([message["ts"] for message in answer["messages"]])
        assert answer["has_more"] is bool(answer.get("response_metadata"))
        if not answer["has_more"]:
            return pages
        cursor = answer["response_metadata"]["next_cursor"]


@pytest.mark.parametrize("name", ["data-eng", "#data-eng", "U0LEAD", "c0eng", "C0NONE"])
@pytest.mark.parametrize("method", ["conversations.history", "conversations.info", "chat.update", "reactions.add"])
def test_a_conversation_is_named_by_its_id(ask, denied, method, name):
    """Only chat.postMessage takes a name or a person: everywhere else Slack finds no such channel."""
    arguments = {"ts": "1.0", "timestamp": "1.0", "name": "eyes", "text": "x"}
    assert denied(ask, method, channel=name, **arguments).code == "channel_not_found"


def test_a_missing_channel_is_not_found(ask, denied):
    """Without the argument the refusal is channel_not_found as well, and says which field is missing."""
    refusal = denied(ask, "conversations.history")
    assert (refusal.code, refusal.detail) == ("channel_not_found", "[ERROR] missing required field: channel")


BOUNDS = [
    ({}, [[5, 4], [3, 2], [1, 0]]),
    ({"oldest": 1}, [[5, 4], [3, 2]]),
    ({"oldest": 1, "inclusive": True}, [[5, 4], [3, 2], [1]]),
    ({"latest": 4}, [[3, 2], [1, 0]]),
    ({"latest": 4, "inclusive": True}, [[4, 3], [2, 1], [0]]),
    ({"oldest": 0, "latest": 5}, [[4, 3], [2, 1]]),
]


@pytest.mark.parametrize(("bounds", "expected"), BOUNDS)
def test_bounds_hold_on_every_page_of_history(ask, fill, bounds, expected):
    """oldest and latest cut the second page as they cut the first: what is excluded stays so."""
    stamps = fill(6)
    given = {name: stamps[value] if name != "inclusive" else value for name, value in bounds.items()}
    pages = follow(ask, "conversations.history", limit=2, **given)
    assert pages == [[stamps[number] for number in page] for page in expected]


@pytest.mark.parametrize(
    ("bounds", "expected"), [({}, [0, 1, 2, 3]), ({"oldest": 0}, [1, 2, 3]), ({"latest": 3}, [0, 1, 2])]
)
def test_bounds_hold_on_every_page_of_a_thread(ask, fill, bounds, expected):
    """Replies come oldest first over all pages, the root once and before them, whatever the bounds."""
    (root,) = fill(1)
    stamps = fill(4, thread_ts=root)
    given = {name: stamps[value] for name, value in bounds.items()}
    pages = follow(ask, "conversations.replies", ts=root, limit=2, **given)
    assert [ts for page in pages for ts in page] == [root, *(stamps[number] for number in expected)]


def test_a_thread_is_found_by_any_of_its_messages(ask, fill, denied):
    """The ts of a reply brings the whole thread; a message without replies is a thread of one."""
    root, lonely = fill(2)
    (reply,) = fill(1, thread_ts=root)
    shown = ask("conversations.replies", channel="C0ENG", ts=reply)["messages"]
    assert [message["ts"] for message in shown] == [root, reply]
    assert len(ask("conversations.replies", channel="C0ENG", ts=lonely)["messages"]) == 1
    assert denied(ask, "conversations.replies", channel="C0ENG", ts="9.9").code == "thread_not_found"
    assert denied(ask, "conversations.replies", channel="C0ENG").code == "thread_not_found"


@pytest.mark.parametrize("method", ["conversations.history", "conversations.replies"])
def test_metadata_is_shown_only_when_asked_for(ask, method):
    """include_all_metadata decides for every message, a thread's root too; what is stored keeps it."""
    metadata = {"event_type": "failed", "event_payload": {"dag": "x"}}
    ts = ask("chat.postMessage", channel="C0ENG", text="x", metadata=metadata)["ts"]
    seen = [
        "metadata" in ask(method, channel="C0ENG", ts=ts, include_all_metadata=flag)["messages"][0]
        for flag in (None, "false", "true", True, "1")
    ]
    assert seen == [False, False, True, True, True]


TIMES = [("oldest", "yesterday"), ("latest", "-1"), ("oldest", "1.2.3"), ("latest", "1e9")]


@pytest.mark.parametrize(("name", "value"), TIMES)
def test_a_time_that_is_none_is_refused(ask, denied, name, value):
    """oldest and latest are seconds with a fraction; anything else is invalid_ts_ and the argument's name."""
    assert denied(ask, "conversations.history", channel="C0ENG", **{name: value}).code == f"invalid_ts_{name}"


@pytest.mark.parametrize("text", ["{seconds}", "{seconds}.0", "{seconds}.000000", "{seconds}.0000001"])
def test_a_time_may_be_written_short(standin, ask, text):
    """Whole seconds and fewer or more than six decimals mean the same moment as the ts."""
    standin.workspace.clock = lambda: 1_700_000_000.0
    ts = ask("chat.postMessage", channel="C0ENG", text="x")["ts"]
    latest = text.format(seconds=1_700_000_000)
    shown = ask("conversations.history", channel="C0ENG", latest=latest, inclusive=True)["messages"]
    assert [message["ts"] for message in shown] == [ts]


def test_history_holds_top_messages_only(ask, fill):
    """A reply is not in the channel's history, a broadcast reply is; both are in the thread."""
    (root,) = fill(1)
    fill(1, thread_ts=root)
    (told,) = fill(1, thread_ts=root, reply_broadcast=True)
    assert follow(ask, "conversations.history") == [[told, root]]
    assert len(follow(ask, "conversations.replies", ts=root)[0]) == 3


def test_a_stranger_may_not_read(ask, denied):
    """An app reads only where it is a member, a public channel too."""
    for method in ("conversations.history", "conversations.replies"):
        assert denied(ask, method, ALERTING_APP, channel="C0ENG", ts="1.0").code == "not_in_channel"


LISTS = [
    ({}, ["C0ALERTS", "C0COSTS", "C0ENG", "C0OLD"]),
    ({"exclude_archived": True}, ["C0ALERTS", "C0COSTS", "C0ENG"]),
    ({"types": "private_channel"}, ["C0OURS"]),
    ({"types": "im, private_channel"}, ["C0OURS", "D0LEAD"]),
    ({"types": "mpim"}, []),
]


@pytest.mark.parametrize(("asked", "ids"), LISTS)
def test_lists_show_what_the_app_may_see(standin, ask, asked, ids):
    """Types choose; private channels show to members only; archived ones unless excluded."""
    channels = standin.workspace.channels
    channels["C0OLD"] = Channel("C0OLD", "old", is_archived=True)
    channels["C0OURS"] = Channel("C0OURS", "ours", is_private=True, members={"U0RUNBOOK"})
    channels["C0THEIRS"] = Channel("C0THEIRS", "theirs", is_private=True, members={"U0LEAD"})
    standin.workspace.channel("U0LEAD")
    assert sorted(one["id"] for one in ask("conversations.list", **asked)["channels"]) == ids


def test_a_private_channel_cannot_be_joined(standin, ask, denied):
    """conversations.join is for public channels."""
    standin.workspace.channels["C0OURS"] = Channel("C0OURS", "ours", is_private=True)
    assert denied(ask, "conversations.join", channel="C0OURS").code == "method_not_supported_for_channel_type"


@pytest.mark.parametrize(
    ("users", "code"),
    [
        ("", "not_enough_users"),
        ("U0LEAD,U0ONCALL", "method_not_supported_for_channel_type"),
        ("U0NONE", "user_not_found"),
    ],
)
def test_a_direct_channel_is_opened_with_one_person(ask, denied, users, code):
    """One user opens one channel, the same each time; none, several or a stranger are refused."""
    assert ask("conversations.open", users="U0LEAD") == ask("conversations.open", users="U0LEAD")
    assert denied(ask, "conversations.open", users=users).code == code


def test_an_im_is_described_by_its_person(ask):
    """A direct channel has no name and no membership, but the other's id."""
    ask("conversations.open", users="U0LEAD")
    (shown,) = ask("conversations.list", types="im")["channels"]
    assert (shown["user"], shown["is_im"], "name" in shown) == ("U0LEAD", True, False)
