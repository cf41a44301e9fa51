"""`runbook serve`: open everything in order, take events until a signal, close in reverse."""

import asyncio
import gc
import secrets
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from typing import cast

import structlog

from bot.app.books import SystemClock, find_integrations, load_library
from bot.app.logs import configure_logs
from bot.app.shelf import Shelf
from bot.app.site import Readiness, site
from bot.diagnostics.look import look
from bot.diagnostics.probe import Scope
from bot.engine.durable import DurableEngine
from bot.errors import SettingsError
from bot.flow.announce_playbooks import announce_loaded, announce_refused
from bot.flow.ports import Clock
from bot.flow.redraw import redraw_missed
from bot.flow.resume_work import begin_approved, resume_work
from bot.flow.run_remedy import run_remedy
from bot.flow.world import World
from bot.integrations.connected import ConnectedSystems
from bot.settings import Settings, read_settings
from bot.slack.front import Credentials, Front, open_slack
from bot.slack.people import SlackPeople
from bot.slack.verbs import bind
from bot.store.alerts import AlertStore, CursorStore
from bot.store.audit import AuditStore
from bot.store.database import Database
from bot.store.incidents import IncidentStore
from bot.store.plans import FindingStore, PlanStore
from bot.store.schema import upgrade

TICK_S = 5.0
log = structlog.get_logger()


def run_bot(environment: Mapping[str, str], mode: str = "") -> None:
    """Serve until SIGTERM or SIGINT. `mode` "socket" or "http" wins over what the environment holds."""
    settings = read_settings(environment)
    mode = mode or ("socket" if settings.is_socket_mode else "http")
    if mode == "socket" and settings.slack_app_token is None:
        raise SettingsError("Socket Mode needs SLACK_APP_TOKEN (an app-level token with connections:write)")
    if mode == "http" and settings.slack_signing_secret is None:
        raise SettingsError("signed HTTP needs SLACK_SIGNING_SECRET (Basic Information of the Slack app)")
    gc.disable()  # until it is ready: what starting makes is kept, and looking through it takes a tenth of the start
    configure_logs(is_terminal=sys.stderr.isatty())
    asyncio.run(serve(settings, environment, mode))


async def serve(settings: Settings, environment: Mapping[str, str], mode: str) -> None:
    """Open everything in order, resume what an earlier process left, take events; at the end close in reverse."""
    stopping = stop_on_signals()
    readiness = Readiness()
    shelf = Shelf(settings.playbooks, load_library)
    systems = ConnectedSystems(find_integrations(), environment)
    database = Database(settings.database_url)
    async with AsyncExitStack() as stack:
        stack.callback(database.close)
        stack.callback(systems.close)
        await asyncio.to_thread(upgrade, database.engine)
        front = await stack.enter_async_context(open_slack(credentials(settings), shelf.library().platform.channels))
        world = build_world(front, database, systems, shelf, settings)
        engine = cast("DurableEngine", world.engine)
        engine.launch()
        stack.push_async_callback(engine.close)
        front.listen(bind(world), CursorStore(database))
        await stack.enter_async_context(site(settings.port, readiness, front if mode == "http" else None))
        stack.push_async_callback(front.drain)
        if mode == "socket" and settings.slack_app_token is not None:
            await front.open_socket(settings.slack_app_token.get_secret_value())
        else:
            front.catch_up()
        front.edge.begin("resume work", resume_work(world))
        front.edge.begin("prove systems", prove_systems(systems, world.clock))
        ticking = asyncio.create_task(tick(world, shelf, front), name="tick")
        stack.callback(ticking.cancel)
        gc.freeze()
        gc.enable()
        readiness.problem = ""
        log.info("ready", mode=mode, playbooks=len(shelf.library().playbooks), port=settings.port)
        await stopping.wait()
        readiness.problem = "stopping"
        log.info("draining")


async def tick(world: World, shelf: Shelf, front: Front) -> None:
    """Every few seconds, for ever: what could not be done at its time, and playbooks that were changed."""
    chores: tuple[Callable[[], Awaitable[None]], ...] = (
        partial(redraw_missed, world),
        partial(begin_approved, world),
        partial(reload_playbooks, world, shelf, front),
    )
    while True:
        await asyncio.sleep(TICK_S)
        for chore in chores:
            try:
                await chore()
            except Exception:  # the tick edge: the next one may go well
                log.exception("tick failed")


async def reload_playbooks(world: World, shelf: Shelf, front: Front) -> None:
    """Use changed playbooks and the channels that they name; tell the alerts' channel when they cannot be used."""
    change = await shelf.refresh()
    if change is None:
        return
    channel = next(iter(front.channels.readable), "")
    if change.problem is not None:
        await announce_refused(change.problem, channel, world)
        return
    if front.channels.watch(shelf.library().platform.channels):
        front.catch_up()
    await announce_loaded(channel, world, was_broken=change.was_broken)


async def prove_systems(systems: ConnectedSystems, clock: Clock) -> None:
    """Read each system once and log what came: a wrong password shows now, and the first incident waits for no driver.

    Importing Airflow's and Snowflake's clients takes about a second each.
    """

    async def prove(probe: str) -> None:
        scope = Scope("start", clock.now(), systems.deadline_of(probe))
        finding = await look(probe, lambda: systems.read(probe, {}, scope), scope.deadline_s, clock.now)
        if finding.is_read:
            log.info("system answers", probe=probe, took_s=round(finding.took_s, 3))
        else:
            log.warning("system cannot be read", probe=probe, reason=finding.reason)

    await asyncio.gather(*(prove(probe) for probe in systems.checks))


def build_world(front: Front, database: Database, systems: ConnectedSystems, shelf: Shelf, settings: Settings) -> World:
    """Hand the outside to the flow. The engine runs remedies in this same world."""
    facts = {name: probe.facts for name, probe in systems.probes.items()}
    facts |= {name: derivation.facts for name, derivation in systems.derivations.items()}
    worlds: list[World] = []
    engine = DurableEngine(
        settings.database_url, settings.executor or "local", lambda plan, steps: run_remedy(plan, worlds[0], steps)
    )
    world = World(
        clock=SystemClock(),
        desk=front.desk,
        headlines=front.desk,
        incidents=IncidentStore(database),
        alerts=AlertStore(database),
        findings=FindingStore(database, facts),
        plans=PlanStore(database),
        audit=AuditStore(database),
        systems=systems,
        people=SlackPeople(front.outbox, lambda: shelf.library().platform.people),
        engine=engine,
        library=shelf.library,
        new_id=lambda kind: f"{kind}-{secrets.token_hex(5)}",
    )
    worlds.append(world)
    return world


def credentials(settings: Settings) -> Credentials:
    """The settings' secrets, unwrapped for Slack."""
    app_token, signing_secret = settings.slack_app_token, settings.slack_signing_secret
    return Credentials(
        settings.slack_bot_token.get_secret_value(),
        app_token.get_secret_value() if app_token else "",
        signing_secret.get_secret_value() if signing_secret else "",
        settings.slack_api_url,
    )


def stop_on_signals() -> asyncio.Event:
    """Set by the first SIGTERM or SIGINT; bolt has no drain of its own, and would lose what is in hand."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping
