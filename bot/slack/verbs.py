"""Both ends of the road: what Slack's listeners may ask of the flow, bound to one world."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bot.alerts.alert import Alert
from bot.flow.card import PlanView
from bot.flow.close_incident import acknowledge, list_open, resolve
from bot.flow.decide_remedy import decide_remedy
from bot.flow.request_remedy import change_plan, request_remedy
from bot.flow.run_command import request_cancel, request_trigger
from bot.flow.run_query import Diagnosis, diagnose, run_query
from bot.flow.see_table import see_table
from bot.flow.show_runbook import list_runbooks, show_runbook
from bot.flow.take_alert import edit_alert, forget_alert, take_alert
from bot.flow.world import World
from bot.incidents.incident import Incident


@dataclass(frozen=True, slots=True)
class Verbs:
    """The flow's verbs with the world filled in; every one raises RunbookError with a text for the person who asked."""

    take_alert: Callable[[Alert, str], Awaitable[None]]
    edit_alert: Callable[[Alert], Awaitable[None]]
    forget_alert: Callable[[str, str], Awaitable[None]]
    is_recognised: Callable[[Alert], bool]
    show_runbook: Callable[[str, str, str], Awaitable[str]]
    list_runbooks: Callable[[], str]
    request_remedy: Callable[[str, str, str], Awaitable[None]]
    find_plan: Callable[[str], Awaitable[PlanView | None]]
    change_plan: Callable[[str, Mapping[str, object], str], Awaitable[None]]
    decide_remedy: Callable[[str, str, str, bool], Awaitable[None]]
    request_trigger: Callable[[str, str, str], Awaitable[str]]
    request_cancel: Callable[[str, str, str], Awaitable[str]]
    diagnose: Callable[[str, str, str], Awaitable[Diagnosis | str]]
    run_query: Callable[[str, bool], Awaitable[Diagnosis]]
    see_table: Callable[[str, int], Awaitable[Diagnosis]]
    acknowledge: Callable[[str, str], Awaitable[None]]
    resolve: Callable[[str, str], Awaitable[None]]
    list_open: Callable[[], Awaitable[Sequence[Incident]]]


def bind(world: World) -> Verbs:
    """The flow's own verbs on this world."""
    return Verbs(
        take_alert=lambda alert, event_id: take_alert(alert, world, event_id),
        edit_alert=partial(edit_alert, world=world),
        forget_alert=partial(forget_alert, world=world),
        is_recognised=lambda alert: world.library().match(alert) is not None,
        show_runbook=partial(show_runbook, world=world),
        list_runbooks=partial(list_runbooks, world),
        request_remedy=partial(request_remedy, world=world),
        find_plan=world.plans.get,
        change_plan=partial(change_plan, world=world),
        decide_remedy=partial(decide_remedy, world=world),
        request_trigger=partial(request_trigger, world=world),
        request_cancel=partial(request_cancel, world=world),
        diagnose=partial(diagnose, world=world),
        run_query=partial(run_query, world=world),
        see_table=partial(see_table, world=world),
        acknowledge=partial(acknowledge, world=world),
        resolve=partial(resolve, world=world),
        list_open=partial(list_open, world),
    )
