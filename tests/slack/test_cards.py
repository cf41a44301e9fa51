"""Charts reach a card in the best form that the workspace takes, and never hold it back."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.playbooks.reply import Chart, ChartKind, Point
from bot.slack.cards import Cards
from bot.slack.edge import Edge
from bot.slack.gallery import Gallery
from bot.slack.methods import Method
from bot.slack.outbox import Outbox
from bot.slack.refusals import SlackDenied, SlackRefused

CHART = Chart(ChartKind.BAR, "Hours old", (Point("REVENUE", 55.5, 24.0),), "h", "target")
LONG = Chart(ChartKind.LINE, "Credits", tuple(Point(str(at), float(at)) for at in range(31)))


class Studio:
    """A Slack that refuses some kinds of block; `files` counts uploads."""

    def __init__(self, slack: Any, time: Any) -> None:
        self.slack, self.time, self.edge = slack, time, Edge()
        self.refused: set[str] = set()
        self.unready = 0
        self.uploads: list[str] = []
        self.fails: Exception | None = None
        slack.scripts[Method.UPDATE] = self._judge
        outbox = Outbox(slack, time)
        gallery = Gallery(self._upload, self._draw)
        self.cards = Cards(outbox, "U0RUNBOOK", gallery, self.edge, time)

    def _judge(self, payload: Mapping[str, Any]) -> Any:
        kinds = {block["type"] for block in payload["blocks"]}
        if kinds & self.refused:
            return SlackRefused("invalid_blocks", "no")
        if "image" in kinds and self.unready:
            self.unready -= 1
            return SlackRefused("invalid_blocks", "invalid slack file")
        return {"ok": True}

    async def _draw(self, chart: Chart) -> bytes:
        await asyncio.sleep(0)
        return chart.title.encode()

    async def _upload(self, name: str, title: str, content: bytes) -> str:
        await asyncio.sleep(0)
        if self.fails:
            raise self.fails
        self.uploads.append(title)
        return f"F00000000{len(self.uploads)}"

    async def end(self) -> None:
        """Let everything end that is under way, whatever time it takes."""
        for _ in range(10):
            await self.time.advance(60.0)

    def shown(self, ts: str = "") -> list[str]:
        """The chart blocks of each edit (of this message), in order."""
        edits = [edit for edit in self.slack.sent(Method.UPDATE) if ts in {"", edit["ts"]}]
        return [next((b["type"] for b in edit["blocks"][3:-2] if b["type"] != "actions"), "none") for edit in edits]


@pytest.fixture
def studio(slack: Any, time: Any) -> Studio:
    """A Slack that takes everything."""
    return Studio(slack, time)


@pytest.fixture
def card(make: Any) -> Callable[..., Any]:
    """A card with this chart."""

    def make_card(chart: Chart = CHART, id: str = "inc-7", **changes: Any) -> Any:
        return make.card(reply=make.reply(make.step(charts=(chart,), **changes)), id=id, card_ts=f"1.{id}")

    return make_card


async def test_what_slack_draws_itself_needs_no_upload(studio: Studio, card: Any) -> None:
    """One edit, one chart block."""
    await studio.cards.show(card())
    await studio.end()
    assert (studio.shown(), studio.uploads) == (["data_visualization"], [])


async def test_refused_blocks_become_pictures_once(studio: Studio, card: Any) -> None:
    """The card stands as text at once, the picture follows, and later edits neither try nor upload again."""
    studio.refused = {"data_visualization"}
    await studio.cards.show(card())
    assert studio.shown() == ["data_visualization", "section"]
    await studio.end()
    await studio.cards.show(card(text="edited"))
    await studio.end()
    assert studio.shown() == ["data_visualization", "section", "image", "image"]
    assert studio.uploads == ["Hours old"]


async def test_a_picture_waits_until_slack_has_processed_it(studio: Studio, card: Any) -> None:
    """A file that is not ready is tried again some seconds later; meanwhile the card stays as it is."""
    studio.unready = 2
    await studio.cards.show(card(LONG))
    await studio.end()
    assert studio.shown() == ["section", "image", "image", "image"]
    assert studio.uploads == ["Credits"]


async def test_a_newer_card_is_never_overwritten_by_its_picture(studio: Studio, card: Any) -> None:
    """What is edited in is the newest card with the picture."""
    studio.unready = 1
    await studio.cards.show(card(LONG))
    await asyncio.sleep(0.01)
    await studio.cards.show(card(LONG, text="NEWEST"))
    await studio.end()
    last = studio.slack.sent(Method.UPDATE)[-1]
    assert "NEWEST" in str(last["blocks"])
    assert studio.shown()[-1] == "image"


async def test_a_picture_that_slack_never_shows_is_given_up(studio: Studio, card: Any) -> None:
    """A few tries, one upload, and the card keeps its characters."""
    studio.refused = {"image"}
    await studio.cards.show(card(LONG))
    await studio.end()
    tries = len(studio.shown())
    await studio.cards.show(card(LONG, text="edited"))
    await studio.end()
    assert studio.uploads == ["Credits"]
    assert studio.shown()[tries:] == ["section"]


async def test_a_card_that_changes_while_its_picture_is_made_gets_one(studio: Studio, card: Any) -> None:
    """However often it is shown meanwhile, each picture is made and edited in once."""
    other = Chart(ChartKind.LINE, "Durations", LONG.points)
    for _ in range(3):
        await studio.cards.show(card(LONG))
    await studio.cards.show(card(other))
    await studio.end()
    assert studio.shown()[-1] == "image"
    assert (studio.uploads.count("Credits"), studio.uploads.count("Durations")) == (1, 1)
    assert studio.shown().count("image") <= 2


async def test_a_missing_scope_leaves_characters(studio: Studio, card: Any) -> None:
    """Without files:write the reply is whole, and it is not asked for ever."""
    studio.fails = SlackDenied("missing_scope", "files:write")
    for text in "abcde":
        await studio.cards.show(card(LONG, text=text))
        await studio.end()
    assert studio.shown() == ["section"] * 5


async def test_a_deleted_picture_is_drawn_anew(studio: Studio, card: Any) -> None:
    """Slack refuses a card whose file is gone: it is shown without, then with a new upload."""
    await studio.cards.show(card(LONG))
    await studio.end()
    studio.unready = 1
    await studio.cards.show(card(LONG, text="edited"))
    assert studio.shown()[-1] == "section"
    await studio.end()
    assert studio.shown()[-1] == "image"
    assert studio.uploads == ["Credits", "Credits"]


async def test_a_card_that_is_refused_for_its_words_does_not_blame_charts(studio: Studio, card: Any) -> None:
    """Where leaving charts out does not help, the card becomes text and charts stay as they were."""
    studio.refused = {"section"}
    await studio.cards.show(card())
    assert studio.slack.sent(Method.UPDATE)[-1]["blocks"] == []
    studio.refused = set()
    await studio.cards.show(card())
    assert studio.shown()[-1] == "data_visualization"


async def test_cards_that_learn_at_once_keep_each_others_pictures(studio: Studio, card: Any) -> None:
    """Two cards find out together that Slack takes no chart blocks; what a third has as a picture stays."""
    await studio.cards.show(card(LONG, title="third"))
    await studio.end()
    studio.refused = {"data_visualization"}
    await asyncio.gather(*(studio.cards.show(card(id=f"inc-{at}")) for at in range(2)))
    await studio.cards.show(card(LONG, title="third", text="edited"))
    assert studio.shown("1.inc-7")[-1] == "image"
    await studio.end()
    assert sorted(studio.uploads) == ["Credits", "Hours old"]
