"""Block Kit's verdict as Slack's answer, what Slack fills in, and the hooks and files that use it."""

import pytest

from bot.sandbox.slack.files import Files
from bot.sandbox.slack.judge import Abilities, complete_blocks, refuse_invalid_blocks, refuse_invalid_view
from bot.sandbox.slack.refusal import Refusal

DIVIDER = {"type": "divider"}
BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "x"}}


def refused(call, *arguments):
    """The Refusal that the call raises."""
    with pytest.raises(Refusal) as caught:
        call(*arguments)
    return caught.value


def test_a_refusal_lists_every_problem():
    """errors and messages hold one line per problem, in order."""
    refusal = refused(refuse_invalid_blocks, [{"type": "header"}, {"type": "what"}])
    assert refusal.code == "invalid_blocks"
    assert refusal.extra["errors"] == [
        "missing required field: text [json-pointer:/blocks/0]",
        "unsupported type: what [json-pointer:/blocks/1/type]",
    ]
    assert refusal.extra["response_metadata"]["messages"][1] == f"[ERROR] {refusal.extra['errors'][1]}"


def test_views_are_invalid_arguments():
    """As in Slack a bad view is invalid_arguments with pointers into /view."""
    refusal = refused(refuse_invalid_view, {"type": "modal", "blocks": []})
    assert (refusal.code, refusal.extra["errors"]) == (
        "invalid_arguments",
        ["missing required field: title [json-pointer:/view]"],
    )
    assert refused(refuse_invalid_view, None).extra["errors"] == ["must provide an object [json-pointer:/view]"]


@pytest.mark.parametrize("attachments", [["text"], [{"blocks": [{"type": "header"}]}], [{"blocks": "x"}]])
def test_bad_attachments_are_refused(attachments):
    """An attachment that is no object or holds bad blocks is invalid_attachments."""
    assert refused(refuse_invalid_blocks, None, attachments).code == "invalid_attachments"


def test_ids_are_filled_in_where_they_are_missing():
    """Stored blocks have a block_id, their elements an action_id; given ones stay, what was sent is untouched."""
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}, "accessory": BUTTON}
    entry = {"type": "input", "label": BUTTON["text"], "element": {"type": "plain_text_input"}}
    sent = [DIVIDER, {"type": "actions", "block_id": "mine", "elements": [BUTTON]}, section, entry]
    stored = complete_blocks(sent)
    assert all(block["block_id"] for block in stored)
    assert stored[1]["block_id"] == "mine"
    assert all(
        element["action_id"] for element in (stored[1]["elements"][0], stored[2]["accessory"], stored[3]["element"])
    )
    assert "block_id" not in sent[0]
    assert "action_id" not in BUTTON


def test_a_response_url_obeys_its_age_and_use(standin):
    """It works until its last second and its last use; a refused post is no use."""
    settings = standin.settings
    secret = standin.hooks.issue(standin.bot, "C0ENG", "U0LEAD", now=0.0)
    assert refused(standin.hooks.respond, secret, {}, 1.0).code == "no_text"
    for _ in range(settings.response_url_uses):
        standin.hooks.respond(secret, {"text": "x"}, settings.response_url_lives)
    assert refused(standin.hooks.respond, secret, {"text": "x"}, 2.0).code == "used_url"
    fresh = standin.hooks.issue(standin.bot, "C0ENG", "U0LEAD", now=0.0)
    assert refused(standin.hooks.respond, fresh, {"text": "x"}, settings.response_url_lives + 0.1).code == "expired_url"
    assert refused(standin.hooks.respond, "unknown", {"text": "x"}, 0.0).code == "expired_url"


def test_a_webhook_is_judged_and_escaped(standin):
    """Blocks are checked, text is stored as Slack stores it, a username is kept."""
    app = standin.workspace.app_named("airflow")
    assert refused(standin.hooks.webhook, app, "C0ALERTS", {"blocks": [{"type": "x"}]}).code == "invalid_blocks"
    standin.hooks.webhook(app, "C0ALERTS", {"text": "a < b", "username": "cron", "blocks": [DIVIDER]})
    channel = standin.workspace.channel("C0ALERTS")
    message = channel.find(channel.top[-1])
    assert (message["text"], message["username"], len(message["blocks"])) == ("a &lt; b", "cron", 1)


def test_a_file_goes_through_its_three_steps():
    """Only announced files are received, only received ones completed, only completed ones known."""
    now = [0.0]
    files = Files(lambda: now[0], folder=None, processing=5.0)
    assert refused(files.announce, "A1", "", 3).code == "invalid_arguments"
    assert refused(files.announce, "A1", "a.csv", 20_000_001).code == "file_upload_size_restricted"
    upload = files.announce("A1", "a.csv", 3)
    assert refused(files.receive, upload.id, "wrong", b"abc").code == "file_not_found"
    assert refused(files.complete, upload.id, None, "U1", "http://x").code == "file_not_uploaded"
    files.receive(upload.id, upload.token, b"abc")
    assert refused(files.info, upload.id).code == "file_not_found"
    wire = files.complete(upload.id, "Costs", "U1", "http://x")
    assert (wire["title"], wire["mimetype"], wire["size"]) == ("Costs", "text/csv", 3)
    assert (files.usable("F0"), files.content(upload.id)) == (False, b"abc")


@pytest.mark.parametrize(("name", "shown"), [("a.png", True), ("a.JPEG", True), ("a.csv", False), ("png", False)])
def test_an_image_block_shows_pictures_that_are_processed(name, shown):
    """Slack takes png, jpg, jpeg and gif as slack_file, and only once it has processed them."""
    now = [0.0]
    files = Files(lambda: now[0], folder=None, processing=5.0)
    upload = files.announce("A1", name, 3)
    files.receive(upload.id, upload.token, b"abc")
    files.complete(upload.id, None, "U1", "http://x")
    assert not files.usable(upload.id)
    now[0] = 5.0
    assert files.usable(upload.id) is shown


def test_blocks_that_were_not_rolled_out_are_refused():
    """A workspace that does not know a block yet answers as for any unknown type."""
    old = Abilities(unknown_blocks=("divider",))
    assert "unsupported type: divider [json-pointer:/blocks/0/type]" in str(
        refused(refuse_invalid_blocks, [DIVIDER], None, old).extra
    )
