"""Modals with the real slack-bolt: errors, updates, closing, choices, and what the client refuses itself."""

import pytest

from bot.sandbox.slack.control import ControlRefused
from tests.sandbox.slack.builders import MODAL


async def test_a_modal_shows_the_apps_errors_and_then_closes(sandbox, form):
    """response_action errors keeps the modal open with its errors; a plain ack closes it."""
    people, (view_id, _) = sandbox.people, form
    refused = await sandbox.act(people.submit, "nadia", view_id, {"why": "because"})
    assert refused.errors == {"why": "say more"}
    assert await sandbox.act(people.views, "nadia")
    passed = await sandbox.act(people.submit, "nadia", view_id, {"reason": "the quota is used up"})
    assert passed.errors == {}
    assert await sandbox.act(people.views, "nadia") == []


async def test_slacks_client_refuses_an_empty_field_itself(sandbox, form):
    """A required or too short field is refused before anything is sent to the app."""
    people, (view_id, _) = sandbox.people, form
    empty = await sandbox.act(people.submit, "nadia", view_id, {})
    assert (empty.sent, list(empty.errors)) == (False, ["why"])
    short = await sandbox.act(people.submit, "nadia", view_id, {"why": "no"})
    assert short.errors == {"why": "Must be at least 3 characters."}
    assert sandbox.server.standin.journal.deliveries("view_submission") == []


async def test_a_closed_modal_is_told_when_it_asked_for_it(sandbox, form):
    """notify_on_close brings view_closed."""
    view_id, closed = form
    assert (await sandbox.act(sandbox.people.close, "nadia", view_id)).acked
    await sandbox.see(lambda: closed == [view_id])


async def test_a_modal_is_updated_pushed_and_cleared(sandbox, bolt, connect):
    """response_action update, push and clear do to the stack what Slack does."""
    app, answers = bolt(sandbox), [{"response_action": "clear"}]
    titled = {**MODAL, "title": {"type": "plain_text", "text": "Second"}}
    answers += [{"response_action": "push", "view": titled}, {"response_action": "update", "view": titled}]

    @app.view("form")
    async def on_form(ack):
        await ack(**answers.pop())

    await connect(sandbox, app)
    standin, people = sandbox.server.standin, sandbox.people
    view_id = standin.views.open(standin.bot, "U0ONCALL", MODAL)["id"]
    await sandbox.act(people.submit, "nadia", view_id, {"why": "update it"})
    assert [view["title"]["text"] for view in standin.views.of("U0ONCALL")] == ["Second"]
    await sandbox.act(people.submit, "nadia", view_id, {"why": "push it"})
    assert len(standin.views.of("U0ONCALL")) == 2
    await sandbox.act(people.submit, "nadia", standin.views.of("U0ONCALL")[-1]["id"], {"why": "clear it"})
    assert standin.views.of("U0ONCALL") == []


async def test_a_choice_in_a_modal_stays_there(sandbox, bolt, connect):
    """block_actions of a view carries the view, and what was chosen is submitted later."""
    app, bodies = bolt(sandbox), []

    @app.action("level")
    async def on_level(ack, body):
        await ack()
        bodies.append(body)

    @app.view("form")
    async def on_form(ack, view):
        await ack()
        bodies.append(view)

    await connect(sandbox, app)
    picker = {"type": "actions", "block_id": "top", "elements": [{"type": "users_select", "action_id": "level"}]}
    standin = sandbox.server.standin
    view_id = standin.views.open(standin.bot, "U0ONCALL", {**MODAL, "blocks": [picker, *MODAL["blocks"]]})["id"]
    await sandbox.act(sandbox.people.click_in_view, "nadia", view_id, "level", value="U0LEAD")
    await sandbox.act(sandbox.people.submit, "nadia", view_id, {"why": "enough"})
    await sandbox.see(lambda: len(bodies) == 2)
    assert (bodies[0]["container"]["view_id"], bodies[0]["view"]["id"]) == (view_id, view_id)
    assert bodies[1]["state"]["values"]["top"]["level"]["selected_user"] == "U0LEAD"


async def test_an_ack_that_slack_would_not_take_is_an_error(sandbox, bolt, connect):
    """Errors for a block that the view does not have are refused, as they would show nothing."""
    app = bolt(sandbox)

    @app.view("form")
    async def on_form(ack):
        await ack(response_action="errors", errors={"nowhere": "x"})

    await connect(sandbox, app)
    standin = sandbox.server.standin
    view_id = standin.views.open(standin.bot, "U0ONCALL", MODAL)["id"]
    with pytest.raises(ControlRefused, match="invalid_ack"):
        await sandbox.act(sandbox.people.submit, "nadia", view_id, {"why": "because of it"})
