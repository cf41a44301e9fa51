"""Posts to response URLs and webhooks: where they land, what they replace, and what they may hold."""

import pytest

from bot.sandbox.slack.hooks import KEPT

DIVIDER = [{"type": "divider"}]
BUTTONS = [
    {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}],
    }
]


@pytest.fixture
def respond(standin):
    """Post to a fresh response URL of that message, as lee's."""

    def run(message=None, **body):
        secret = standin.hooks.issue(standin.bot, "C0ENG", "U0LEAD", 0.0, message)
        standin.hooks.respond(secret, body, 1.0)

    return run


@pytest.fixture
def shown(standin):
    """What #data-eng shows: texts of its history and of its ephemerals."""

    def run():
        channel = standin.workspace.channel("C0ENG")
        return [channel.find(ts)["text"] for ts in channel.top], [one["text"] for one in channel.ephemerals]

    return run


@pytest.fixture
def card(standin, ask):
    """A message of the bot with a button."""
    ts = ask("chat.postMessage", channel="C0ENG", text="card", blocks=BUTTONS)["ts"]
    return standin.workspace.channel("C0ENG").find(ts)


@pytest.fixture
def whisper(standin, ask):
    """An ephemeral of the bot with a button and an attachment, for lee."""
    given = {"text": "card", "blocks": BUTTONS, "attachments": [{"text": "red"}]}
    ask("chat.postEphemeral", channel="C0ENG", user="U0LEAD", **given)
    return standin.workspace.channel("C0ENG").ephemerals[0]


WAYS = [
    ({"text": "x"}, (["card"], ["x"])),
    ({"text": "x", "response_type": "ephemeral"}, (["card"], ["x"])),
    ({"text": "x", "response_type": "in_channel"}, (["card", "x"], [])),
    ({"text": "x", "replace_original": True}, (["x"], [])),
    ({"text": "x", "replace_original": False}, (["card"], ["x"])),
    ({"delete_original": True}, ([], [])),
]


@pytest.mark.parametrize(("body", "expected"), WAYS)
def test_an_answer_to_a_message_lands_where_it_says(respond, shown, card, body, expected):
    """Ephemeral unless told otherwise; the original changes only on demand."""
    respond(card, **body)
    assert shown() == expected


def test_a_replaced_message_keeps_nothing(respond, card):
    """Text alone takes the buttons away, and leaves no edited mark."""
    respond(card, text="done", replace_original=True)
    assert ("blocks" in card, "edited" in card, card["text"]) == (False, False, "done")


def test_a_replaced_ephemeral_keeps_nothing_either(respond, whisper):
    """The reader of an ephemeral cannot click what was replaced."""
    respond(whisper, text="done", replace_original=True)
    assert {"blocks", "attachments"} & set(whisper) == set()
    assert (whisper["text"], whisper["to_user"], whisper["is_ephemeral"]) == ("done", "U0LEAD", True)
    respond(whisper, text="again", blocks=DIVIDER, replace_original=True)
    assert [block["type"] for block in whisper["blocks"]] == ["divider"]


def test_a_deleted_ephemeral_is_gone(respond, shown, whisper):
    """delete_original takes it away for good."""
    respond(whisper, delete_original=True)
    assert shown() == ([], [])


def test_a_command_has_no_original(respond, shown, denied):
    """With nothing to replace the answer is a new message; with nothing to delete it is empty."""
    respond(None, text="x", replace_original=True)
    assert shown() == ([], ["x"])
    assert denied(respond, None, delete_original=True).code == "no_text"


def test_an_answer_stays_in_its_thread(standin, ask, respond, card):
    """What answers a click in a thread is seen in that thread, or where thread_ts says."""
    reply = ask("chat.postMessage", channel="C0ENG", text="r", thread_ts=card["ts"])["message"]
    respond(reply, text="said", response_type="in_channel")
    respond(reply, text="psst")
    channel = standin.workspace.channel("C0ENG")
    assert [channel.find(ts)["text"] for ts in channel.threads[card["ts"]]] == ["r", "said"]
    assert channel.ephemerals[0]["thread_ts"] == card["ts"]


def test_a_deleted_message_cannot_be_replaced(standin, respond, card, denied):
    """The message may be gone by the time its answer comes."""
    standin.workspace.delete(standin.workspace.channel("C0ENG"), card["ts"])
    assert denied(respond, card, text="x", replace_original=True).code == "message_not_found"


BAD = [
    ({}, "no_text"),
    ({"text": ""}, "no_text"),
    ({"blocks": []}, "no_text"),
    ({"blocks": [{"type": "header"}]}, "invalid_blocks"),
    ({"blocks": 5}, "invalid_blocks"),
    ({"blocks": "divider"}, "invalid_blocks"),
    ({"text": "x", "attachments": 5}, "invalid_attachments"),
]


@pytest.mark.parametrize(("body", "code"), BAD)
def test_bad_content_is_refused_before_anything_changes(respond, shown, card, denied, body, code):
    """A refused answer leaves the original as it was."""
    assert denied(respond, card, replace_original=True, **body).code == code
    assert shown() == (["card"], [])


def test_a_command_answers_to_everybody_on_demand(standin, shown):
    """The ack of a command with response_type in_channel is seen by all, escaped as any post."""
    standin.hooks.answer(standin.bot, "C0ENG", "U0LEAD", {"text": "a < b", "response_type": "in_channel"})
    assert shown() == (["a &lt; b"], [])


def test_only_the_newest_response_urls_are_kept(standin, denied):
    """The number of URLs is bounded; the oldest one goes first."""
    secrets = [standin.hooks.issue(standin.bot, "C0ENG", "U0LEAD", 0.0) for _ in range(KEPT + 1)]
    assert denied(standin.hooks.respond, secrets[0], {"text": "x"}, 1.0).code == "expired_url"
    standin.hooks.respond(secrets[1], {"text": "x"}, 1.0)


def test_a_webhook_posts_into_a_thread(standin, ask, card):
    """A webhook's thread_ts is honoured, and an unknown channel is refused."""
    app = standin.workspace.app_named("Airflow")
    standin.hooks.webhook(app, "data-eng", {"text": "x", "thread_ts": card["ts"]})
    reply = ask("conversations.replies", channel="C0ENG", ts=card["ts"])["messages"][1]
    assert (reply["subtype"], reply["bot_id"], "user" in reply) == ("bot_message", "B0AIRFLOW", False)
