"""Modals and App Home as state: stacks, ids, what an update keeps, and who sees what."""

import pytest

from bot.sandbox.slack.changes import Feed
from bot.sandbox.slack.seed import ALERTING_APP, runbook_app
from bot.sandbox.slack.views import Views
from tests.sandbox.slack.builders import FIELD, MODAL

HOME = {"type": "home", "blocks": [{"type": "divider"}]}


@pytest.fixture
def bot(make_manifest):
    """The bot under test."""
    return runbook_app(make_manifest())


@pytest.fixture
def views():
    """No views yet; their changes are remembered."""
    return Views(Feed(100, 10))


def test_a_view_comes_back_whole(views, bot):
    """Every field that Slack answers is there, with empty values where nothing was given."""
    view = views.open(bot, "U0LEAD", MODAL)
    assert (view["callback_id"], view["external_id"], view["private_metadata"]) == ("form", "", "")
    assert (view["notify_on_close"], view["clear_on_close"], view["close"]) == (True, False, None)
    assert (view["app_id"], view["bot_id"], view["team_id"]) == ("A0RUNBOOK", "B0RUNBOOK", "T0SANDBOX")
    assert (view["root_view_id"], view["previous_view_id"], view["state"]) == (view["id"], None, {"values": {}})


def test_elements_without_ids_get_some(views, bot):
    """As in a message, blocks and elements that came without an id have one, so that they can be used."""
    nameless = {name: value for name, value in FIELD.items() if name != "action_id"}
    block = {"type": "input", "label": {"type": "plain_text", "text": "x"}, "element": nameless}
    (stored,) = views.open(bot, "U0LEAD", {**MODAL, "blocks": [block]})["blocks"]
    assert stored["block_id"]
    assert stored["element"]["action_id"]
    assert "block_id" not in block


def test_opening_again_replaces_the_stack(views, bot):
    """A person sees one stack; the views that it replaces are gone."""
    first = views.open(bot, "U0LEAD", MODAL)
    pushed = views.push(bot, "U0LEAD", MODAL)
    second = views.open(bot, "U0LEAD", MODAL)
    assert [view["id"] for view in views.of("U0LEAD")] == [second["id"]]
    assert {first["id"], pushed["id"], second["id"]} & set(views._views) == {second["id"]}  # noqa: SLF001 - what is left


def test_people_have_stacks_of_their_own(views, bot):
    """Closing one person's modals leaves the other's open; closing none is fine."""
    views.open(bot, "U0LEAD", MODAL)
    views.open(bot, "U0ONCALL", MODAL)
    views.close_all("U0LEAD")
    views.close_all("U0BYSTANDER")
    assert (len(views.of("U0LEAD")), len(views.of("U0ONCALL"))) == (0, 1)


def test_closing_tells_what_is_seen_next(views, bot):
    """The feed names the views that stay open below."""
    first = views.open(bot, "U0LEAD", MODAL)
    second = views.push(bot, "U0LEAD", MODAL)
    views.close(second["id"])
    change = views._feed.since(0)[-1]  # noqa: SLF001 - the feed is the test's own
    assert (change.kind, change.data["open"]) == ("view_closed", [first["id"]])


def test_what_is_not_open_cannot_be_closed(views, bot, denied):
    """A view that was closed before, App Home and an unknown id are not found."""
    view = views.open(bot, "U0LEAD", MODAL)
    views.close(view["id"])
    home = views.publish(bot, "U0LEAD", HOME)
    assert [denied(views.close, one).code for one in (view["id"], home["id"], "V0")] == ["not_found"] * 3
    assert views.home("U0LEAD") is home


@pytest.mark.parametrize("same", [True, False])
def test_an_update_keeps_what_was_filled_in(views, bot, same):
    """A field of the same block_id and action_id keeps its value; a field of another id starts empty."""
    view = views.open(bot, "U0LEAD", MODAL)
    view["state"]["values"] = {"why": {"reason": {"type": "plain_text_input", "value": "x"}}}
    (block,) = MODAL["blocks"]
    body = MODAL if same else {**MODAL, "blocks": [{**block, "element": {**FIELD, "action_id": "other"}}]}
    before = (view["id"], view["hash"])
    updated = views.update(view, body)
    assert bool(updated["state"]["values"]) is same
    assert (updated["id"] == before[0], updated["hash"] == before[1]) == (True, False)


def test_an_update_of_a_pushed_view_keeps_its_place(views, bot):
    """Root and previous view stay; what the new body leaves out is gone."""
    first = views.open(bot, "U0LEAD", MODAL)
    second = views.push(bot, "U0LEAD", MODAL)
    views.update(second, {**MODAL, "callback_id": "", "notify_on_close": False})
    assert (second["root_view_id"], second["previous_view_id"]) == (first["id"], first["id"])
    assert (second["callback_id"], second["notify_on_close"]) == ("", False)


def test_an_external_id_is_used_once(views, bot, denied):
    """Two open views of one app cannot share it; another app's may, and a closed one frees it."""
    named = {**MODAL, "external_id": "mine"}
    first = views.open(bot, "U0LEAD", named)
    assert denied(views.push, bot, "U0LEAD", named).code == "duplicate_external_id"
    other = views.open(ALERTING_APP, "U0ONCALL", named)
    assert views.find_external(bot, "mine") is first
    assert views.find_external(ALERTING_APP, "mine") is other
    views.close(first["id"])
    assert denied(views.find_external, bot, "mine").code == "not_found"


def test_a_home_is_published_again_in_place(views, bot, denied):
    """The second publish updates the first one's view, unless its hash is old; each person has their own."""
    first = views.publish(bot, "U0LEAD", HOME)
    view_id, old = first["id"], first["hash"]
    again = views.publish(bot, "U0LEAD", HOME, old)
    assert (again["id"], again["hash"] == old) == (view_id, False)
    assert denied(views.publish, bot, "U0LEAD", HOME, old).code == "hash_conflict"
    assert views.publish(bot, "U0ONCALL", HOME)["id"] != view_id


def test_everything_names_each_person_once(views, bot):
    """Modals and home stand together; who closed everything is still listed, with nothing open."""
    views.publish(bot, "U0LEAD", HOME)
    views.open(bot, "U0LEAD", MODAL)
    views.open(bot, "U0ONCALL", MODAL)
    views.close_all("U0ONCALL")
    shown = {user: (len(one["modals"]), bool(one["home"])) for user, one in views.everything().items()}
    assert shown == {"U0LEAD": (1, True), "U0ONCALL": (0, False)}
