"""Which events the app hears, and in which shape: by subscription, scope and membership."""

import pytest

from bot.sandbox.slack.changes import Change, Feed
from bot.sandbox.slack.events import events_for
from bot.sandbox.slack.seed import ALERTING_APP, runbook_app
from bot.sandbox.slack.workspace import Draft, Workspace


@pytest.fixture
def hear(make_manifest):
    """Let something happen in a workspace; the events that an app with these subscriptions and scopes hears."""

    def run(happen, events, scopes=("channels:history", "reactions:read", "app_mentions:read")):
        app = runbook_app(make_manifest(list(scopes), tuple(events)))
        feed, changes = Feed(10, 10), []
        workspace = Workspace((app, ALERTING_APP), feed, lambda: 1_700_000_000.0)
        feed.on_change(changes.append)
        happen(workspace)
        return [event for change in changes for event in events_for(app, workspace, change)]

    return run


def say(workspace, text="hi <@U0RUNBOOK>", channel="C0ENG"):
    """Sam says something."""
    return workspace.post(Draft(channel, text), workspace.by_person("U0BYSTANDER"))


def test_a_message_needs_subscription_scope_and_membership(hear):
    """Without any one of the three the message is not heard."""
    assert [event["type"] for event in hear(say, ["message.channels"])] == ["message"]
    assert hear(say, ["app_home_opened"]) == []
    assert hear(say, ["message.channels"], scopes=["chat:write"]) == []

    def say_elsewhere(workspace):
        workspace.channel("C0ENG").members.discard("U0RUNBOOK")
        say(workspace)

    assert hear(say_elsewhere, ["message.channels"]) == []


def test_a_mention_is_an_event_of_its_own(hear):
    """app_mention comes beside the message, and only when the bot is mentioned."""
    assert [e["type"] for e in hear(say, ["message.channels", "app_mention"])] == ["message", "app_mention"]
    assert hear(lambda workspace: say(workspace, "hi"), ["app_mention"]) == []


def test_a_private_or_direct_message_has_its_own_subscription(hear):
    """message.groups and message.im are apart from message.channels."""

    def say_privately(workspace):
        workspace.channel("C0ENG").is_private = True
        say(workspace)

    assert hear(say_privately, ["message.channels"]) == []
    heard = hear(say_privately, ["message.groups"], scopes=["groups:history"])
    assert heard[0]["channel_type"] == "group"
    direct = hear(lambda workspace: say(workspace, channel="U0LEAD"), ["message.im"], scopes=["im:history"])
    assert (direct[0]["channel_type"], direct[0]["channel"]) == ("im", "D0LEAD")


def test_changes_and_deletions_carry_both_versions(hear):
    """message_changed holds message and previous_message, message_deleted the deleted ts."""

    def happen(workspace):
        ts = say(workspace, "old")["ts"]
        channel = workspace.channel("C0ENG")
        workspace.edit(channel, ts, {"text": "new"}, edited_by="U0BYSTANDER")
        workspace.delete(channel, ts)

    said, changed, deleted = hear(happen, ["message.channels"])
    assert (changed["subtype"], changed["hidden"], changed["channel"]) == ("message_changed", True, "C0ENG")
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("old", "new")
    assert changed["message"]["edited"]["user"] == "U0BYSTANDER"
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", said["ts"])


def test_reactions_are_heard_when_subscribed(hear):
    """reaction_added names the item, who reacted and whose message it is."""

    def happen(workspace):
        ts = say(workspace)["ts"]
        workspace.react(workspace.channel("C0ENG"), ts, "eyes", "U0LEAD")
        workspace.unreact(workspace.channel("C0ENG"), ts, "eyes", "U0LEAD")

    added, removed = hear(happen, ["reaction_added", "reaction_removed"])
    assert (added["reaction"], added["user"], added["item_user"]) == ("eyes", "U0LEAD", "U0BYSTANDER")
    assert added["item"]["channel"] == "C0ENG"
    assert removed["type"] == "reaction_removed"
    assert hear(happen, ["reaction_added"], scopes=["channels:history"]) == []


def test_the_bots_own_joining_is_heard(hear):
    """member_joined_channel comes for the bot itself and for others in its channels."""

    def happen(workspace):
        channel = workspace.channel("C0ENG")
        workspace.leave(channel, "U0RUNBOOK")
        workspace.join(channel, "U0RUNBOOK")
        workspace.join(channel, "U0AIRFLOW")

    heard = hear(happen, ["member_joined_channel"])
    assert [(event["user"], event["channel_type"]) for event in heard] == [("U0RUNBOOK", "C"), ("U0AIRFLOW", "C")]


def test_an_app_without_a_manifest_hears_nothing(make_manifest):
    """The alerting app only posts."""
    workspace = Workspace((runbook_app(make_manifest()), ALERTING_APP), Feed(10, 10), lambda: 0.0)
    message = say(workspace)
    assert events_for(ALERTING_APP, workspace, Change(1, "message", {"channel": "C0ENG", "message": message})) == []
