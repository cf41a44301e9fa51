"""Stages 8 and 9: the card's buttons: each is acknowledged at once and becomes one verb of the flow."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.errors import PlanSettled
from bot.flow.ports import Desk
from bot.remediation.outcome import Stage
from bot.slack.clicks import Click, read_click
from bot.slack.edge import PEOPLE, Edge, Tell
from bot.slack.footing import ACKNOWLEDGE, RESOLVE
from bot.slack.listings import PAGE, QUERY
from bot.slack.lists import Lists
from bot.slack.methods import Method
from bot.slack.modals import change_modal
from bot.slack.plans import APPROVE, CHANGE, DECLINE
from bot.slack.steps import OFFER, ROWS
from bot.slack.transport import Caller
from bot.slack.verbs import Verbs

Press = Callable[[Click], Awaitable[None]]


class Buttons:
    """What each button of a card asks of the flow."""

    def __init__(self, verbs: Verbs, caller: Caller) -> None:
        self._verbs = verbs
        self._caller = caller

    async def offer(self, click: Click) -> None:
        """Ask for the plan of a remedy; nothing is changed."""
        incident, offer = click.said("incident", "offer")
        await self._verbs.request_remedy(incident, offer, click.person)

    async def approve(self, click: Click) -> None:
        """Say yes to exactly the plan that the card shows."""
        plan, digest = click.said("plan", "digest")
        await self._verbs.decide_remedy(plan, digest, click.person, True)

    async def decline(self, click: Click) -> None:
        """Say no to it."""
        plan, digest = click.said("plan", "digest")
        await self._verbs.decide_remedy(plan, digest, click.person, False)

    async def change(self, click: Click) -> None:
        """Open the form with the plan's inputs."""
        (plan,) = click.said("plan")
        view = await self._verbs.find_plan(plan)
        if view is None or view.outcome.stage is not Stage.OFFERED or not view.plan.inputs:
            raise PlanSettled("This plan was settled in the meantime; its inputs cannot be changed any more.")
        modal = change_modal(view.plan, click.channel, click.thread_ts)
        await self._caller.call(Method.OPEN_VIEW, {"trigger_id": click.trigger_id, "view": modal})

    async def acknowledge(self, click: Click) -> None:
        """Take the incident."""
        (incident,) = click.said("incident")
        await self._verbs.acknowledge(incident, click.person)

    async def resolve(self, click: Click) -> None:
        """Say that it is over."""
        (incident,) = click.said("incident")
        await self._verbs.resolve(incident, click.person)


def listen_to_buttons(app: AsyncApp, edge: Edge, desk: Desk, verbs: Verbs, caller: Caller, lists: Lists) -> None:
    """Register every button that cards and lists have."""
    buttons = Buttons(verbs, caller)
    presses: Mapping[str | re.Pattern[str], Press] = {
        re.compile(f"^{OFFER}.+"): buttons.offer,
        re.compile(f"^{ROWS}.+"): lists.rows,
        re.compile(f"^{QUERY}.+"): lists.query,
        re.compile(f"^{PAGE}.+"): lists.turn,
        APPROVE: buttons.approve,
        DECLINE: buttons.decline,
        CHANGE: buttons.change,
        ACKNOWLEDGE: buttons.acknowledge,
        RESOLVE: buttons.resolve,
    }
    for action_id, press in presses.items():
        app.action(action_id)(_listener(press, edge, desk))


def _listener(press: Press, edge: Edge, desk: Desk) -> Callable[..., Awaitable[None]]:
    async def pressed(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        click = read_click(body)

        async def work() -> None:
            await press(click)

        edge.begin(f"button {press.__name__}", work(), tell_clicker(desk, click), lane=PEOPLE)

    return pressed


def tell_clicker(desk: Desk, click: Click) -> Tell:
    """Words for whoever clicked, in the card's thread."""

    async def tell(text: str) -> None:
        await desk.tell(click.person, click.channel, click.thread_ts, text)

    return tell
