"""What people can do to messages, commands and modals, and what Slack's own client keeps them from doing."""

import pytest

from bot.sandbox.slack.workspace import Draft
from tests.sandbox.slack.builders import MODAL

HOME = {"type": "home", "blocks": [{"type": "divider"}]}
WORDS = {"type": "plain_text", "text": "x"}
BUTTONS = [{"type": "actions", "block_id": "row", "elements": [{"type": "button", "action_id": "go", "text": WORDS}]}]
OPTIONS = [{"text": WORDS, "value": "low"}, {"text": WORDS, "value": "high"}]
LEVEL = {"type": "static_select", "action_id": "level", "options": OPTIONS, "initial_option": OPTIONS[0]}
CHOICE = {"type": "actions", "block_id": "top", "elements": [LEVEL]}


@pytest.fixture
def modal(standin, app):
    """Open a modal for nadia; its id."""

    def run(**fields):
        return standin.views.open(standin.bot, "U0ONCALL", {**MODAL, **fields})["id"]

    return run


async def test_only_who_sees_a_view_can_use_it(standin, app, modal, refused):
    """Another person's modal or home cannot be submitted, closed or clicked, whatever id is known."""
    view_id = modal(blocks=[CHOICE, *MODAL["blocks"]])
    home = standin.views.publish(standin.bot, "U0LEAD", {**HOME, "blocks": BUTTONS})["id"]
    for call in (
        app.people.submit("lee", view_id, {"why": "because"}),
        app.people.close("lee", view_id),
        app.people.click_in_view("lee", view_id, "level", value="high"),
        app.people.click_in_view("nadia", home, "go"),
    ):
        assert (await refused(call)).code == "not_found"
    assert (app.sent, len(standin.views.of("U0ONCALL"))) == ([], 1)


@pytest.mark.parametrize("blocks", [[{"type": "divider"}], [CHOICE]])
async def test_a_modal_without_a_submit_button_cannot_be_submitted(app, modal, refused, blocks):
    """Slack shows such a modal with nothing but a way to close it."""
    view_id = modal(blocks=blocks, submit=None)
    assert (await refused(app.people.submit("nadia", view_id, {}))).code == "not_submittable"


async def test_home_cannot_be_submitted_or_closed(standin, app, refused):
    """App Home has no button to submit, and no end."""
    view_id = standin.views.publish(standin.bot, "U0ONCALL", HOME)["id"]
    assert (await refused(app.people.submit("nadia", view_id, {}))).code == "not_submittable"
    for clear in (False, True):
        assert (await refused(app.people.close("nadia", view_id, clear=clear))).code == "not_found"
    assert standin.views.home("U0ONCALL")


CLOSINGS = [
    ({}, False, 1, False),
    ({}, True, 0, True),
    ({"clear_on_close": True}, False, 0, True),
]


@pytest.mark.parametrize(("fields", "clear", "left", "cleared"), CLOSINGS)
async def test_closing_closes_one_or_all(standin, app, modal, fields, clear, left, cleared):
    """clear_on_close takes the whole stack with the one view; the app is told which it was."""
    modal()
    top = standin.views.push(standin.bot, "U0ONCALL", {**MODAL, **fields})["id"]
    await app.people.close("nadia", top, clear=clear)
    assert len(standin.views.of("U0ONCALL")) == left
    assert (app.sent[0]["type"], app.sent[0]["is_cleared"], app.sent[0]["view"]["id"]) == ("view_closed", cleared, top)
    assert "trigger_id" not in app.sent[0]


async def test_a_quiet_modal_closes_without_a_word(standin, app, modal):
    """Without notify_on_close nothing is sent."""
    result = await app.people.close("nadia", modal(notify_on_close=False))
    assert (result["sent"], app.sent, standin.views.of("U0ONCALL")) == (False, [], [])


async def test_a_submission_whose_app_opened_another_modal(standin, app, modal):
    """The submitted view is gone already when the ack comes; the new one stays open."""
    view_id = modal()
    app.meanwhile = modal
    result = await app.people.submit("nadia", view_id, {"why": "because"})
    assert (result["acked"], result["errors"]) == (True, {})
    (left,) = standin.views.of("U0ONCALL")
    assert left["id"] != view_id


@pytest.mark.parametrize("failure", ["timeout", "http_timeout", "no_connection", "http_error"])
async def test_a_failed_submission_leaves_the_modal(standin, app, modal, failure):
    """The person sees why, and can try again with what they typed."""
    view_id, app.failure = modal(), failure
    result = await app.people.submit("nadia", view_id, {"why": "because"})
    assert result["error"] == ("operation_timeout" if "timeout" in failure else "dispatch_failed")
    (view,) = standin.views.of("U0ONCALL")
    assert view["state"]["values"]["why"]["reason"]["value"] == "because"


ACKS = [
    ({"response_action": "shout"}, "invalid_ack"),
    ({"response_action": "errors"}, "invalid_ack"),
    ({"response_action": "errors", "errors": {}}, "invalid_ack"),
    ({"response_action": "errors", "errors": {"why": "x", "other": "y"}}, "invalid_ack"),
    ({"response_action": "update"}, "invalid_arguments"),
    ({"response_action": "push", "view": {"type": "modal"}}, "invalid_arguments"),
]


@pytest.mark.parametrize(("answer", "code"), ACKS)
async def test_an_ack_that_slack_cannot_use_is_refused(standin, app, modal, refused, answer, code):
    """What would show the person an error of Slack's is told as one, and the modal stays."""
    view_id, app.answer = modal(), answer
    assert (await refused(app.people.submit("nadia", view_id, {"why": "because"}))).code == code
    assert len(standin.views.of("U0ONCALL")) == 1


async def test_a_click_in_a_modal_brings_every_field(app, modal):
    """state.values holds all fields, untouched ones with their initial value, as Slack sends them."""
    await app.people.click_in_view("nadia", modal(blocks=[CHOICE, *MODAL["blocks"]]), "level", value="high")
    values = app.sent[0]["view"]["state"]["values"]
    assert values["top"]["level"]["selected_option"]["value"] == "high"
    assert values["why"]["reason"] == {"type": "plain_text_input", "value": None}


async def test_an_initial_value_is_sent_with_a_click_elsewhere(standin, app):
    """A field nobody touched still says what it shows, and is not remembered as typed."""
    view = standin.views.open(standin.bot, "U0ONCALL", {**MODAL, "blocks": [CHOICE, *BUTTONS]})
    await app.people.click_in_view("nadia", view["id"], "go")
    assert app.sent[0]["view"]["state"]["values"]["top"]["level"]["selected_option"]["value"] == "low"
    assert view["state"]["values"] == {}


async def test_a_click_goes_to_the_app_that_posted(standin, app, refused):
    """A button of the alerting app is not the bot's to hear."""
    workspace = standin.workspace
    draft = Draft("C0ALERTS", "x", BUTTONS)
    theirs = workspace.post(draft, workspace.by_app(workspace.app_named("Airflow")))
    refusal = await refused(app.people.click("nadia", "C0ALERTS", theirs["ts"], "go"))
    assert (refusal.code, app.sent) == ("foreign_message", [])
    ours = workspace.post(draft, workspace.by_app(standin.bot))
    assert (await app.people.click("nadia", "C0ALERTS", ours["ts"], "go"))["acked"]


async def test_a_click_in_a_thread_names_it(ask, app):
    """The container of a reply holds the thread, that of a top message none."""
    root = ask("chat.postMessage", channel="C0ENG", text="x", blocks=BUTTONS)["ts"]
    await app.people.click("nadia", "C0ENG", root, "go")
    reply = ask("chat.postMessage", channel="C0ENG", text="x", blocks=BUTTONS, thread_ts=root)["ts"]
    await app.people.click("nadia", "C0ENG", reply, "go", block_id="row")
    assert [sent["container"].get("thread_ts") for sent in app.sent] == [None, root]
    assert app.sent[1]["container"]["is_ephemeral"] is False


async def test_a_click_needs_its_row(ask, app, refused):
    """With a block_id only that row's element is meant."""
    ts = ask("chat.postMessage", channel="C0ENG", text="x", blocks=BUTTONS)["ts"]
    refusal = await refused(app.people.click("nadia", "C0ENG", ts, "go", block_id="other"))
    assert (refusal.code, refusal.detail) == ("element_not_found", "no 'go' here; it shows go (button)")


COMMAND_ACKS = [
    (None, None),
    ("", None),
    ("  ", None),
    ({}, None),
    ("hi", "hi"),
    ({"text": "hi"}, "hi"),
    ([], None),
]


@pytest.mark.parametrize(("answer", "text"), COMMAND_ACKS)
async def test_a_command_shows_what_its_ack_says(standin, app, answer, text):
    """An empty ack shows nothing; a text or a message is for the caller."""
    app.answer = answer
    result = await app.people.command("lee", "C0ENG", "/runbook", "list")
    (sent,) = app.sent
    assert (sent["command"], sent["text"], sent["channel_name"]) == ("/runbook", "list", "data-eng")
    assert [one["text"] for one in standin.workspace.channel("C0ENG").ephemerals] == ([text] if text else [])
    assert result["trigger_id"] == sent["trigger_id"]


async def test_a_command_in_a_direct_channel_says_so(app):
    """Slack names a direct channel "directmessage"."""
    await app.people.command("lee", "U0LEAD", "/runbook")
    assert (app.sent[0]["channel_id"], app.sent[0]["channel_name"]) == ("D0LEAD", "directmessage")


async def test_a_trigger_opens_one_view_for_who_clicked(standin, ask, app, denied):
    """The trigger id of a command opens a modal for its person, once."""
    result = await app.people.command("lee", "C0ENG", "/runbook")
    ask("views.open", trigger_id=result["trigger_id"], view=MODAL)
    assert len(standin.views.of("U0LEAD")) == 1
    assert denied(ask, "views.open", trigger_id=result["trigger_id"], view=MODAL).code == "exchanged_trigger_id"


async def test_opening_home_without_a_subscription_is_not_heard(app):
    """Without app_home_opened in the manifest the tab is opened and nothing is sent."""
    assert app.people.open_home("nadia") == {"sent": False, "view": None}
