"""Watched channels are found by name, and what cannot be heard is said."""

from typing import Any

from bot.slack.channels import Channels
from bot.slack.methods import Method


def listed(*channels: tuple[str, str, bool], cursor: str = "") -> dict[str, Any]:
    """A page of conversations.list."""
    found = [{"id": id, "name": name, "is_member": is_member} for id, name, is_member in channels]
    return {"channels": found, "response_metadata": {"next_cursor": cursor}}


async def test_names_and_ids_are_resolved_over_all_pages(slack: Any) -> None:
    """A channel may be written as name, #name or id, and stand on any page."""
    slack.scripts[Method.CHANNELS] = [
        listed(("C1", "data-alerts", True), ("C9", "random", True), cursor="next"),
        listed(("C2", "data-costs", True), ("C3", "data-eng", True)),
    ]
    channels = Channels(slack, ["#data-alerts", "data-costs", "C3"])
    await channels.refresh()
    assert channels.readable == ("C1", "C2", "C3")
    assert channels.is_watched("C2")
    assert not channels.is_watched("C9")
    assert channels.problems() == []


async def test_what_is_not_heard_is_said_with_what_to_do(slack: Any) -> None:
    """A channel that does not exist and one without the bot are named; neither is read."""
    slack.scripts[Method.CHANNELS] = [listed(("C1", "data-alerts", False))]
    channels = Channels(slack, ["data-alerts", "data-alrets"])
    await channels.refresh()
    assert channels.readable == ()
    assert channels.problems() == [
        "#data-alrets: no such channel, or private without the bot",
        "#data-alerts: the bot is not a member; write /invite @runbook-bot there",
    ]


async def test_other_channels_are_heard_after_the_next_look(slack: Any) -> None:
    """platform.yml names another one while the bot runs."""
    slack.scripts[Method.CHANNELS] = lambda _: listed(("C1", "data-alerts", True), ("C2", "data-costs", True))
    channels = Channels(slack, ["data-alerts"])
    await channels.refresh()
    assert not channels.watch(["#data-alerts"])
    assert channels.watch(["data-costs"])
    await channels.refresh()
    assert channels.readable == ("C2",)
