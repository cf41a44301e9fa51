"""The Home tab: what is open, said so that nobody is called by it, drawn each time that somebody opens it."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.errors import Unreachable
from bot.incidents.incident import State
from bot.slack.edge import Edge
from bot.slack.home import MOST_SHOWN, build_home, listen_to_home
from bot.slack.methods import Method

SINCE = "since <!date^1795140780^{date_short_pretty} {time}|2026-11-20 02:13 UTC>"


def lines(make: Any, *incidents: Any, url: str = "") -> list[str]:
    """The words of the tab, without how to use the bot."""
    identity = SimpleNamespace(url=url)
    blocks = build_home(incidents, identity)["blocks"]  # type: ignore[arg-type]
    texts = [block.get("text") or block.get("elements", [{}])[0] for block in blocks]
    return [text["text"] for text in texts if text][:-1]


@pytest.mark.parametrize(("count", "title"), [(0, "0 open incidents"), (1, "1 open incident"), (2, "2 open incidents")])
def test_the_title_counts(make: Any, count: int, title: str) -> None:
    """One is one."""
    said = lines(make, *[make.incident()] * count)
    assert said[0] == title
    assert (said[1].startswith("Nothing is open.")) is (count == 0)


@pytest.mark.parametrize(
    ("changes", "facts"),
    [
        ({}, f"P1 · open · {SINCE}"),
        ({"state": State.ACKNOWLEDGED, "acknowledged_by": "U0LEAD"}, f"P1 · acknowledged by <@U0LEAD> · {SINCE}"),
        ({"state": State.REMEDYING, "acknowledged_by": "U0LEAD"}, f"P1 · remedy running by <@U0LEAD> · {SINCE}"),
        ({"severity": ""}, f"open · {SINCE}"),
    ],
)
def test_a_line_says_how_bad_where_it_stands_and_since_when(make: Any, changes: dict[str, Any], facts: str) -> None:
    """A case that somebody opened by command has no severity."""
    assert lines(make, make.incident(**changes))[1] == f"*Warehouse LOADING_WH is suspended*\n{facts}"


def test_the_newest_are_shown_and_the_others_counted(make: Any) -> None:
    """By the time they were opened, whatever order they come in."""
    opened = [make.incident(title=f"t{n}", opened_at=make.now + timedelta(minutes=n)) for n in range(MOST_SHOWN + 3)]
    said = lines(make, *opened)
    assert said[1].startswith(f"*t{MOST_SHOWN + 2}*")
    assert said[MOST_SHOWN].startswith("*t3*")
    assert said[MOST_SHOWN + 1] == "… and 3 older ones"


def test_a_title_stays_inside_its_link(make: Any) -> None:
    """A bar would end it, a line break would too, a mention would call."""
    said = lines(make, make.incident(title="a|b\n<!here>", alert_ts="12.000100"), url="https://x.slack.test/")
    assert said[1].splitlines()[0] == "*<https://x.slack.test/archives/C0ALERTS/p12000100|a/b &lt;!here&gt;>*"


class Tab:
    """The listener as bolt calls it."""

    def __init__(self, flow: Any, slack: Any, make: Any) -> None:
        self.listeners: dict[str, Callable[..., Any]] = {}
        self.edge = Edge()
        app: Any = SimpleNamespace(event=lambda name: lambda listener: self.listeners.__setitem__(name, listener))
        listen_to_home(app, self.edge, slack, flow.verbs(), make.identity)

    async def open(self, **event: Any) -> None:
        """Somebody opens it."""
        await self.listeners["app_home_opened"](event={"user": "U0LEAD", **event})
        await self.edge.drain(5.0)


@pytest.fixture
def tab(flow: Any, slack: Any, make: Any) -> Tab:
    """A Home tab that nobody has opened."""
    return Tab(flow, slack, make)


@pytest.mark.parametrize(("event", "is_drawn"), [({}, True), ({"tab": "home"}, True), ({"tab": "messages"}, False)])
async def test_it_is_drawn_for_whoever_opens_it(
    tab: Tab, flow: Any, slack: Any, make: Any, event: dict[str, str], is_drawn: bool
) -> None:
    """For that person, with what is open now; the messages tab is not ours to draw."""
    flow.returns["list_open"] = [make.incident()]
    await tab.open(**event)
    published = slack.sent(Method.PUBLISH_HOME)
    assert [one["user_id"] for one in published] == (["U0LEAD"] if is_drawn else [])
    assert all(one["view"]["blocks"][0]["text"]["text"] == "1 open incident" for one in published)


async def test_a_slack_that_does_not_take_it_breaks_nothing(tab: Tab, slack: Any) -> None:
    """Nobody waits for it: the next opening draws it."""
    slack.scripts[Method.PUBLISH_HOME] = [Unreachable("Slack", "no answer")]
    await tab.open()
    assert len(slack.calls) == 1
