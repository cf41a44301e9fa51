"""One channel's messages: threads and their counts, what deleting leaves, and who is told of what is missing."""

import pytest

from bot.sandbox.slack.channel import EPHEMERALS_KEPT, Channel


@pytest.fixture
def channel():
    """An empty channel."""
    return Channel("C1", "c")


def add(channel, ts, root=None, user="U1", **fields):
    """File a message; the message."""
    message = {"ts": ts, "user": user, **fields}
    channel.add(message if root is None else {**message, "thread_ts": root})
    return channel.messages[ts]


@pytest.mark.parametrize(("flags", "kind"), [({}, "channel"), ({"is_private": True}, "group"), ({"is_im": True}, "im")])
def test_a_channel_has_a_kind(flags, kind):
    """channel_type as events tell it."""
    assert Channel("C1", "c", **flags).kind == kind
    assert Channel("D1", "", is_private=True, is_im=True).kind == "im"


def test_messages_are_in_order_however_they_come(channel):
    """A message that is filed late takes its place by ts."""
    for ts in ("3.0", "1.0", "2.0"):
        add(channel, ts)
    assert channel.top == ["1.0", "2.0", "3.0"]


def test_a_thread_counts_replies_and_people(channel):
    """reply_count counts all, reply_users each person once, five at most, in the order in which they came."""
    root = add(channel, "1.0")
    for number in range(8):
        add(channel, f"2.{number}", "1.0", f"U{number % 7}")
    assert (root["reply_count"], root["reply_users_count"], root["latest_reply"]) == (8, 7, "2.7")
    assert root["reply_users"] == ["U0", "U1", "U2", "U3", "U4"]
    assert root["thread_ts"] == "1.0"


def test_a_bot_without_a_user_is_counted_by_its_bot_id(channel):
    """bot_message has no user; its author still counts."""
    root = add(channel, "1.0")
    channel.add({"ts": "2.0", "thread_ts": "1.0", "bot_id": "B1"})
    channel.add({"ts": "3.0", "thread_ts": "1.0"})
    assert (root["reply_users"], root["reply_users_count"]) == (["B1"], 2)


def test_a_deleted_reply_is_no_longer_counted(channel):
    """The root's count and latest reply follow; the last one gone, the root is its own latest."""
    root = add(channel, "1.0")
    add(channel, "2.0", "1.0")
    add(channel, "3.0", "1.0", subtype="thread_broadcast")
    assert channel.top == ["1.0", "3.0"]
    channel.remove("3.0")
    assert (channel.top, root["reply_count"], root["latest_reply"]) == (["1.0"], 1, "2.0")
    channel.remove("2.0")
    assert (root["reply_count"], root["latest_reply"], root["reply_users"]) == (0, "1.0", [])


def test_a_tombstone_says_nothing_of_what_it_was(channel):
    """The text of a deleted root is gone, its thread stays readable and counted."""
    add(channel, "1.0", text="secret", blocks=[1])
    add(channel, "2.0", "1.0")
    assert channel.remove("1.0")["text"] == "secret"
    tombstone = channel.find("1.0")
    assert (tombstone["subtype"], tombstone["user"], tombstone["hidden"]) == ("tombstone", "USLACKBOT", True)
    assert ("secret" in str(tombstone), tombstone["reply_count"], channel.top) == (False, 1, ["1.0"])


def test_what_is_not_there_is_told_with_the_channel(channel, denied):
    """The refusal names the ts and the channel; a message removed twice is not there."""
    add(channel, "1.0")
    channel.remove("1.0")
    assert str(denied(channel.find, "1.0")) == "message_not_found: no message '1.0' in C1"
    assert denied(channel.remove, "1.0").code == "message_not_found"


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_page_of_nothing(channel, newest_first):
    """An empty channel, and bounds that meet, give no message and no further page."""
    bounds = {"inclusive": False, "limit": 5, "newest_first": newest_first}
    assert channel.page(channel.top, oldest="", latest="", **bounds) == ([], False)
    add(channel, "1.0")
    assert channel.page(channel.top, oldest="1.0", latest="1.0", **bounds) == ([], False)
    assert channel.page(channel.top, oldest="2.0", latest="1.0", **bounds) == ([], False)


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_page_that_holds_everything_is_the_last(channel, newest_first):
    """As many messages as the limit leave none; one fewer on the page leaves one."""
    for number in range(3):
        add(channel, f"{number}.0")
    bounds = {"oldest": "", "latest": "", "inclusive": False, "newest_first": newest_first}
    assert [channel.page(channel.top, limit=limit, **bounds)[1] for limit in (2, 3, 4)] == [True, False, False]


def test_ephemerals_are_bounded(channel):
    """The oldest are forgotten."""
    channel.ephemerals.extend({"ts": str(number)} for number in range(EPHEMERALS_KEPT + 1))
    assert (len(channel.ephemerals), channel.ephemerals[0]["ts"]) == (EPHEMERALS_KEPT, "1")
