"""Builders of cards and a Slack made of plain objects; for the wire, the real stand-in in the test's own loop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import stamina

from bot.flow.card import Card, PlanView
from bot.incidents.incident import Incident
from bot.playbooks.reply import Approvers, InputField, Offer, Reply, Step, StepState, Table
from bot.remediation.outcome import Outcome
from bot.remediation.plan import Plan
from bot.remediation.remedy import Command, Draft
from bot.slack.events import Identity
from bot.slack.methods import Method
from bot.slack.verbs import Verbs
from tests.slack.line import Line

NOW = datetime(2026, 11, 20, 2, 13, tzinfo=UTC)
MANIFEST = Path(__file__).parents[2] / "manifest.yml"


@pytest.fixture(autouse=True)
def _retries_do_not_wait() -> Iterator[None]:
    """Retries keep their number and lose their pauses."""
    with stamina.set_testing(True, attempts=4, cap=True):
        yield


def make_incident(**changes: Any) -> Incident:
    """An open P1 incident whose card stands in its thread."""
    incident = Incident(
        id="inc-7",
        playbook="warehouse_suspended",
        title="Warehouse LOADING_WH is suspended",
        severity="P1",
        key="warehouse_suspended|LOADING_WH",
        channel="C0ALERTS",
        alert_ts="1.1",
        opened_at=NOW,
        last_seen_at=NOW,
        entities={"warehouse": "LOADING_WH"},
        card_ts="1.2",
    )
    return replace(incident, **changes)


def make_offer(**changes: Any) -> Offer:
    """A remedy that whoever is on call may approve."""
    offer = Offer("raise_quota", "Raise the quota", "snowflake.set_credit_quota", {}, Approvers.ONCALL)
    return replace(offer, **changes)


def make_step(**changes: Any) -> Step:
    """A step whose finding was read."""
    step = Step(1, "Which monitor suspended it?", StepState.READ, "LOADING_MONITOR has used *51* of 50 credits.")
    return replace(step, **changes)


def make_plan(**changes: Any) -> Plan:
    """A plan of one command that waits for its approval."""
    command = Command("set_quota", "ALTER RESOURCE MONITOR LOADING_MONITOR SET CREDIT_QUOTA = 75;")
    plan = Plan(
        id="plan-1",
        incident="inc-7",
        offer="raise_quota",
        remedy="snowflake.set_credit_quota",
        arguments={},
        draft=Draft("LOADING_MONITOR", (command,), "lets LOADING_WH spend 25 more credits", undo="set it to 50 again"),
        approve=Approvers.ONCALL,
        requested_by="U0ONCALL",
        made_at=NOW,
        expires_at=NOW + timedelta(minutes=15),
        inputs=(InputField("quota", "Credit quota", "number", 75, 51, 100),),
        label="Raise the quota",
        digest="d" * 64,
    )
    return replace(plan, **changes)


def make_view(outcome: Outcome | None = None, **changes: Any) -> PlanView:
    """A plan with what became of it."""
    return PlanView(make_plan(**changes), outcome or Outcome())


def make_reply(*steps: Step, **changes: Any) -> Reply:
    """A runbook with these steps, one if none is given."""
    reply = Reply(
        playbook="warehouse_suspended",
        title="Warehouse LOADING_WH is suspended",
        severity="P1",
        summary="Loads stop until the quota is raised.",
        entities={"warehouse": "LOADING_WH"},
        causes=("a backfill", "a runaway query"),
        steps=steps or (make_step(offers=(make_offer(),)),),
        prevention=("alert at 80 %",),
    )
    return replace(reply, **changes)


def make_card(*plans: PlanView, reply: Reply | None = None, notes: tuple[str, ...] = (), **changes: Any) -> Card:
    """A card with these plans; `changes` are the incident's."""
    return Card(make_incident(**changes), reply or make_reply(), plans, notes)


@pytest.fixture
def make() -> SimpleNamespace:
    """The builders, by what they build."""
    return SimpleNamespace(
        incident=make_incident,
        offer=make_offer,
        step=make_step,
        plan=make_plan,
        view=make_view,
        reply=make_reply,
        card=make_card,
        table=Table,
        now=NOW,
        identity=Identity("U0RUNBOOK", "B0RUNBOOK", "T0SANDBOX", "https://sandbox.slack.test/"),
    )


@dataclass
class FakeTime:
    """Seconds that pass only by `advance`; sleepers wake in order."""

    seconds: float = 0.0
    sleepers: list[tuple[float, asyncio.Future[None]]] = field(default_factory=list)

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.seconds + seconds, waking))
        await waking

    async def advance(self, seconds: float) -> None:
        """Let that much time pass, waking whoever is due on the way."""
        end = self.seconds + seconds
        await settle()
        while due := [one for one in self.sleepers if one[0] <= end]:
            first = min(due, key=lambda one: one[0])
            self.sleepers.remove(first)
            self.seconds = max(self.seconds, first[0])
            if not first[1].done():
                first[1].set_result(None)
            await settle()
        self.seconds = end


async def settle() -> None:
    """Let everything run that can run without time passing."""
    for _ in range(30):
        await asyncio.sleep(0)


@pytest.fixture
def time() -> FakeTime:
    """A clock under the test's control."""
    return FakeTime()


Answer = Mapping[str, Any] | Exception
Script = Callable[[Mapping[str, Any]], Answer]


class FakeSlack:
    """Answers Web API calls: by a method's script (a list of answers, or a function), else with ok and a new ts."""

    def __init__(self) -> None:
        self.calls: list[tuple[Method, Mapping[str, Any]]] = []
        self.scripts: dict[Method, list[Answer] | Script] = {}

    async def call(self, method: Method, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        self.calls.append((method, payload))
        await asyncio.sleep(0)
        script = self.scripts.get(method)
        answer: Answer = {"ok": True, "ts": f"9.{len(self.calls)}"}
        if callable(script):
            answer = script(payload)
        elif script:
            answer = script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    send = call

    def sent(self, method: Method) -> list[Mapping[str, Any]]:
        """Payloads of one method, in order."""
        return [payload for called, payload in self.calls if called is method]


@pytest.fixture
def slack() -> FakeSlack:
    """A Slack without a wire."""
    return FakeSlack()


class Flow:
    """Verbs that write down what they were asked; `raises`, `returns` and `slow` change one of them."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.raises: dict[str, Exception] = {}
        self.slow: dict[str, Callable[..., Awaitable[Any]]] = {}
        self.returns: dict[str, Any] = {"list_open": [], "is_recognised": True, "list_runbooks": "• `a`"}

    def _verb(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def verb(*args: Any) -> Any:
            if name in self.slow:
                return await self.slow[name](*args)
            return self._answer(name, *args)

        return verb

    def _answer(self, name: str, *args: Any) -> Any:
        self.asked.append((name, *args))
        if name in self.raises:
            raise self.raises[name]
        return self.returns.get(name)

    def verbs(self) -> Verbs:
        """These verbs as listeners get them."""
        plain = {"is_recognised", "list_runbooks"}
        named = {name: self._verb(name) for name in Verbs.__dataclass_fields__ if name not in plain}
        return Verbs(
            **named,
            is_recognised=lambda alert: self._answer("is_recognised", alert),
            list_runbooks=lambda: self._answer("list_runbooks"),
        )

    def names(self) -> list[str]:
        """What was asked, without arguments."""
        return [asked[0] for asked in self.asked]


@pytest.fixture
def flow() -> Flow:
    """A flow that remembers."""
    return Flow()


class Cursors:
    """How far each channel was read, in memory."""

    def __init__(self) -> None:
        self.at: dict[str, str] = {}

    async def read_to(self, channel: str) -> str:
        return self.at.get(channel, "")

    async def advance(self, channel: str, ts: str) -> None:
        self.at[channel] = max(self.at.get(channel, ""), ts)


@pytest.fixture
def cursors() -> Cursors:
    """Nothing was read yet."""
    return Cursors()


@dataclass(frozen=True)
class Wire:
    """The bot's Slack side connected to a stand-in; `people` acts and sees as the workspace's people do."""

    front: Any
    people: Any
    flow: Flow
    cursors: Cursors

    async def act(self, name: str, *args: Any, **named: Any) -> Any:
        """Somebody does something."""
        return await asyncio.to_thread(getattr(self.people, name), *args, **named)

    async def see(self, predicate: Callable[[], Any], timeout_s: float = 60.0) -> Any:
        """Wait until the workspace shows it."""
        return await asyncio.to_thread(self.people.wait_for, predicate, timeout_s)

    async def until(self, predicate: Callable[[], Any], timeout_s: float = 60.0) -> Any:
        """Wait until the flow was asked."""
        async with asyncio.timeout(timeout_s):
            while not (seen := predicate()):  # noqa: ASYNC110 - what it waits for is a plain list
                await asyncio.sleep(0.01)
            return seen


@pytest.fixture
def standin_settings() -> dict[str, Any]:
    """It waits longer than Slack, for machines that stand still for a while; tests override it."""
    return {"ack_within": 8.0, "trigger_lives": 60.0}


@pytest.fixture
async def standin(standin_settings: dict[str, Any]) -> AsyncIterator[Any]:
    """A stand-in with the bot's own manifest, quick to redeliver."""
    from bot.sandbox.slack.control import Workspace
    from bot.sandbox.slack.manifest import read_manifest
    from bot.sandbox.slack.server import Server
    from bot.sandbox.slack.settings import Settings

    server = Server(read_manifest(MANIFEST), Settings(retry_after=(0.0, 0.05, 0.05), **standin_settings))
    await server.start()
    with Workspace(server.url) as people:
        yield SimpleNamespace(url=server.url, people=people)
    await server.stop()


@pytest.fixture
async def wire(standin: Any, flow: Flow, cursors: Cursors) -> AsyncIterator[Wire]:
    """The bot connected by Socket Mode."""
    from bot.slack.front import Credentials, open_slack

    credentials = Credentials("xoxb-sandbox-runbook", "xapp-sandbox-runbook", api_url=f"{standin.url}/api/")
    async with open_slack(credentials, ["data-alerts"]) as front:
        front.listen(flow.verbs(), cursors)
        await front.open_socket(credentials.app_token)
        yield Wire(front, standin.people, flow, cursors)
        await front.drain(30.0)


@pytest.fixture
def line(time: Any) -> Line:
    """A Slack that takes everything."""
    return Line(time)
