"""Posting, updating and deleting: what stays, what goes, who may, and what a message needs."""

import pytest

from bot.sandbox.slack.channel import Channel
from bot.sandbox.slack.seed import ALERTING_APP

DIVIDER = [{"type": "divider"}]
RED = [{"color": "#f00", "text": "red"}]
METADATA = {"event_type": "failed", "event_payload": {}}


@pytest.fixture
def full(ask):
    """The ts of a message with text, blocks, an attachment and metadata."""
    given = {"text": "a", "blocks": DIVIDER, "attachments": RED, "metadata": METADATA}
    return ask("chat.postMessage", channel="C0ENG", **given)["ts"]


UPDATES = [
    ({"text": "b"}, {"attachments", "metadata", "edited"}),
    ({"text": "b", "blocks": DIVIDER}, {"blocks", "attachments", "metadata"}),
    ({"blocks": DIVIDER}, {"blocks", "attachments", "metadata"}),
    ({"text": "b", "blocks": []}, {"attachments", "metadata", "edited"}),
    ({"text": "b", "attachments": []}, {"metadata", "edited"}),
    ({"text": "b", "attachments": "[]"}, {"metadata", "edited"}),
    ({"attachments": RED}, {"blocks", "attachments", "metadata", "edited"}),
    ({"attachments": RED, "blocks": []}, {"attachments", "metadata", "edited"}),
]


@pytest.mark.parametrize(("given", "kept"), UPDATES)
def test_an_update_keeps_what_slack_keeps(ask, full, given, kept):
    """Attachments and metadata stay until they are given; blocks go with a text that comes without them."""
    message = ask("chat.update", channel="C0ENG", ts=full, **given)["message"]
    assert {name for name in ("blocks", "attachments", "metadata", "edited") if name in message} == kept


def test_an_update_of_attachments_keeps_the_text(ask, full):
    """A text that was not given is not lost."""
    assert ask("chat.update", channel="C0ENG", ts=full, attachments=RED)["text"] == "a"


@pytest.mark.parametrize("given", [{}, {"text": ""}, {"blocks": []}, {"attachments": []}, {"blocks": "[]"}])
@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "chat.postEphemeral"])
def test_a_message_needs_content(ask, denied, full, method, given):
    """Without text, blocks and attachments there is no message to show."""
    assert denied(ask, method, channel="C0ENG", ts=full, user="U0LEAD", **given).code == "no_text"


SHAPES = [
    ({"blocks": {"type": "divider"}}, "invalid_blocks_format"),
    ({"blocks": "{"}, "invalid_blocks_format"),
    ({"blocks": [1]}, "invalid_blocks"),
    ({"attachments": "5"}, "invalid_attachments"),
    ({"attachments": {"text": "x"}}, "invalid_attachments"),
    ({"attachments": "["}, "invalid_attachments"),
    ({"metadata": "{"}, "invalid_metadata_format"),
    ({"metadata": []}, "invalid_metadata_schema"),
    ({"metadata": {"event_type": "x"}}, "invalid_metadata_schema"),
    ({"metadata": {"event_payload": {}}}, "invalid_metadata_schema"),
    ({"metadata": {"event_type": "x", "event_payload": "y"}}, "invalid_metadata_schema"),
]


@pytest.mark.parametrize(("given", "code"), SHAPES)
def test_content_of_the_wrong_shape_is_refused(ask, denied, given, code):
    """Each field has its own refusal, whether it came as JSON or as text that holds JSON."""
    assert denied(ask, "chat.postMessage", channel="C0ENG", text="x", **given).code == code


def test_blocks_without_text_have_slacks_words(ask):
    """A notification of blocks only says that they cannot be shown; attachments get an id and a fallback."""
    message = ask("chat.postMessage", channel="C0ENG", blocks=DIVIDER, attachments=[*RED, {"blocks": DIVIDER}])[
        "message"
    ]
    assert message["text"] == "This content can't be displayed."
    assert [(one["id"], one["fallback"]) for one in message["attachments"]] == [
        (1, "red"),
        (2, "[no preview available]"),
    ]


PLACES = [
    ("C0ENG", "C0ENG"),
    ("data-eng", "C0ENG"),
    ("#data-eng", "C0ENG"),
    ("U0LEAD", "D0LEAD"),
]


@pytest.mark.parametrize(("named", "channel"), PLACES)
def test_a_post_finds_its_channel(ask, named, channel):
    """chat.postMessage takes an id, a name or a person, and answers the id to go on with."""
    assert ask("chat.postMessage", channel=named, text="x")["channel"] == channel


def test_who_may_post_where(standin, ask, denied):
    """chat:write.public opens public channels only; an archived one takes nobody's message."""
    channels = standin.workspace.channels
    channels["C0OURS"] = Channel("C0OURS", "ours", is_private=True)
    channels["C0OLD"] = Channel("C0OLD", "old", is_archived=True, members={"U0RUNBOOK"})
    assert ask("chat.postMessage", ALERTING_APP, channel="C0ENG", text="x")["ts"]
    assert denied(ask, "chat.postMessage", ALERTING_APP, channel="C0OURS", text="x").code == "not_in_channel"
    assert denied(ask, "chat.postMessage", channel="C0OLD", text="x").code == "is_archived"


def test_a_customized_author_is_a_bot_message(standin, ask, denied):
    """A username needs chat:write.customize; its message has the subtype, the name and no user."""
    refusal = denied(ask, "chat.postMessage", channel="C0ENG", text="x", icon_emoji=":x:")
    assert (refusal.code, refusal.extra["needed"]) == ("missing_scope", "chat:write.customize")
    message = ask("chat.postMessage", ALERTING_APP, channel="C0ENG", text="x", username="cron")["message"]
    assert (message["subtype"], message["username"], "user" in message) == ("bot_message", "cron", False)
    assert message["bot_id"] == "B0AIRFLOW"


@pytest.mark.parametrize(("user", "code"), [("", "user_not_found"), ("U0NONE", "user_not_found")])
def test_an_ephemeral_needs_a_reader(ask, denied, user, code):
    """It is shown to a person who exists."""
    assert denied(ask, "chat.postEphemeral", channel="C0ENG", user=user, text="x").code == code


def test_an_ephemeral_needs_both_in_the_channel(standin, ask, denied):
    """Bot and reader must be members; a direct channel is no place for one."""
    channel = standin.workspace.channel("C0ENG")
    channel.members.discard("U0LEAD")
    assert denied(ask, "chat.postEphemeral", channel="C0ENG", user="U0LEAD", text="x").code == "user_not_in_channel"
    channel.members.discard("U0RUNBOOK")
    assert denied(ask, "chat.postEphemeral", channel="C0ENG", user="U0ONCALL", text="x").code == "not_in_channel"
    direct = standin.workspace.channel("U0LEAD").id
    assert denied(ask, "chat.postEphemeral", channel=direct, user="U0LEAD", text="x").code == "not_in_channel"


EDGES = [("x" * 4000, None), ("x" * 4001, "msg_too_long"), ("é" * 2000, None), ("é" * 2001, "msg_too_long")]


@pytest.mark.parametrize(("text", "code"), EDGES)
def test_an_update_is_limited_in_bytes(ask, denied, full, text, code):
    """4,000 bytes pass, one more does not; the message stays as it was."""
    if code is None:
        assert ask("chat.update", channel="C0ENG", ts=full, text=text)["text"] == text
    else:
        assert denied(ask, "chat.update", channel="C0ENG", ts=full, text=text).code == code
        assert ask("conversations.history", channel="C0ENG")["messages"][0]["text"] == "a"


def test_a_refused_update_changes_nothing(ask, denied, full):
    """Bad blocks leave the message whole."""
    denied(ask, "chat.update", channel="C0ENG", ts=full, text="b", blocks=[{"type": "header"}])
    (message,) = ask("conversations.history", channel="C0ENG")["messages"]
    assert (message["text"], message["blocks"][0]["type"]) == ("a", "divider")


def test_what_is_posted_is_stored_as_slack_stores_it(ask):
    """Text is escaped but for its tokens, blocks have ids, and the answer holds the stored message."""
    answer = ask("chat.postMessage", channel="C0ENG", text="<@U0LEAD> a < b", blocks=DIVIDER)
    (stored,) = ask("conversations.history", channel="C0ENG")["messages"]
    assert answer["message"] == stored
    assert (stored["text"], stored["ts"], bool(stored["blocks"][0]["block_id"])) == (
        "<@U0LEAD> a &lt; b",
        answer["ts"],
        True,
    )
