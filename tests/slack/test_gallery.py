"""Pictures of charts are drawn once, uploaded once, given up in the end, and shown only where Slack showed them."""

import asyncio

import pytest

from bot.errors import Unreachable
from bot.playbooks.reply import Chart, ChartKind, Point
from bot.slack.charts import Forms, digest
from bot.slack.gallery import Gallery


def chart(title: str = "Hours old", points: int = 30) -> Chart:
    """A chart with more points than Slack's own block holds."""
    return Chart(ChartKind.LINE, title, tuple(Point(str(at), float(at)) for at in range(points)))


class Studio:
    """Draws and uploads; `fails` breaks the next upload."""

    def __init__(self) -> None:
        self.drawn: list[str] = []
        self.uploaded: list[tuple[str, str, bytes]] = []
        self.fails: Exception | None = None

    async def draw(self, what: Chart) -> bytes:
        """As slow as drawing is: others get their turn."""
        self.drawn.append(what.title)
        await asyncio.sleep(0)
        return what.title.encode()

    async def upload(self, name: str, title: str, content: bytes) -> str:
        """The file's id."""
        await asyncio.sleep(0)
        if self.fails:
            error, self.fails = self.fails, None
            raise error
        self.uploaded.append((name, title, content))
        return f"F{len(self.uploaded)}"


@pytest.fixture
def studio() -> Studio:
    """Nothing was drawn yet."""
    return Studio()


@pytest.fixture
def gallery(studio: Studio) -> Gallery:
    """Nothing is known of this workspace."""
    return Gallery(studio.upload, studio.draw)


async def test_a_picture_is_shown_only_after_slack_showed_it(gallery: Gallery) -> None:
    """An uploaded file may not be ready for minutes: cards drawn meanwhile do without it."""
    forms = await gallery.hang([chart()])
    assert forms.pictures == {digest(chart()): "F1"}
    assert gallery.forms == Forms()
    gallery.shown(forms)
    assert gallery.forms.pictures == forms.pictures


async def test_two_cards_that_want_one_picture_share_it(gallery: Gallery, studio: Studio) -> None:
    """Also when they ask at the same moment: it is drawn and uploaded once."""
    first, second = await asyncio.gather(gallery.hang([chart()]), gallery.hang([chart(), chart("Credits")]))
    assert first.pictures.items() <= second.pictures.items()
    assert sorted(studio.drawn) == ["Credits", "Hours old"]
    assert ("chart.png", "Hours old", b"Hours old") in studio.uploaded


async def test_an_untitled_chart_is_uploaded_under_a_name(gallery: Gallery, studio: Studio) -> None:
    """Slack wants one."""
    await gallery.hang([chart("")])
    assert [title for _, title, _ in studio.uploaded] == ["Chart"]


async def test_an_upload_that_failed_is_tried_again_but_not_for_ever(gallery: Gallery, studio: Studio) -> None:
    """Three times; then the chart stays written in characters."""
    for _ in range(3):
        assert gallery.lacking([chart()]) == [chart()]
        studio.fails = Unreachable("Slack", "no answer")
        with pytest.raises(Unreachable):
            await gallery.hang([chart()])
    assert gallery.lacking([chart()]) == []
    assert gallery.lacking([chart("another")]) == [chart("another")]


async def test_a_picture_that_slack_refused_is_drawn_anew(gallery: Gallery, studio: Studio) -> None:
    """Somebody deleted the file: it is neither shown nor handed out again."""
    gallery.shown(await gallery.hang([chart()]))
    gallery.refuse_pictures([chart(), chart("never hung")])
    assert gallery.forms.pictures == {}
    assert (await gallery.hang([chart()])).pictures == {digest(chart()): "F2"}


def test_a_workspace_that_takes_no_chart_blocks_is_remembered(gallery: Gallery) -> None:
    """Small charts want a picture then, too."""
    small = chart(points=5)
    assert gallery.lacking([small]) == []
    gallery.refuse_native()
    gallery.refuse_native()
    assert not gallery.forms.native
    assert gallery.lacking([small, small]) == [small]


async def test_a_refusal_while_pictures_are_drawn_counts(gallery: Gallery) -> None:
    """The forms that are handed out are those of now, with what was shown before beside them."""
    gallery.shown(await gallery.hang([chart("old")]))
    gallery.refuse_native()
    forms = await gallery.hang([chart("new")])
    assert (forms.native, set(forms.pictures)) == (False, {digest(chart("old")), digest(chart("new"))})


async def test_what_is_remembered_is_bounded(gallery: Gallery) -> None:
    """The charts that were asked for last stay; a bot that runs for months does not grow."""
    for number in range(600):
        gallery.shown(await gallery.hang([chart(str(number), points=1)]))
    known = gallery.forms.pictures
    assert len(known) == 500
    assert digest(chart("599", points=1)) in known
    assert digest(chart("0", points=1)) not in known


def test_forms_of_the_unknown_are_ignored(gallery: Gallery) -> None:
    """A picture that was forgotten meanwhile is not taken for shown."""
    gallery.shown(Forms(pictures={"forgotten": "F1"}))
    assert gallery.forms.pictures == {}
