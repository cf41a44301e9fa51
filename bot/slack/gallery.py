"""Stage 7: what is known of charts in this workspace: whether Slack takes its own block, and which pictures it has."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

import structlog

from bot.playbooks.reply import Chart
from bot.slack.charts import Forms, digest

Upload = Callable[[str, str, bytes], Awaitable[str]]
Draw = Callable[[Chart], Awaitable[bytes]]
_REMEMBERED = 500
_MOST_TRIES = 3
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Picture:
    """`file` is "" until it is uploaded, `is_shown` once Slack took a message with it; `tries` bounds both."""

    file: str = ""
    is_shown: bool = False
    tries: int = 0
    drawing: asyncio.Lock = field(default_factory=asyncio.Lock)


class Gallery:
    """Remembers, for as long as the process lives, what Slack said to charts; a picture is uploaded once."""

    def __init__(self, upload: Upload, draw: Draw) -> None:
        self._upload = upload
        self._draw = draw
        self._native = True
        self._pictures: OrderedDict[str, _Picture] = OrderedDict()

    @property
    def forms(self) -> Forms:
        """How charts are shown now, without waiting for anything: pictures only where Slack is known to show them."""
        return Forms(self._native, {key: one.file for key, one in self._pictures.items() if one.is_shown})

    def lacking(self, charts: Iterable[Chart]) -> list[Chart]:
        """Charts that want a picture and may still get one."""
        return [chart for chart in self.forms.lacking(charts) if self._of(chart).tries < _MOST_TRIES]

    async def hang(self, charts: Iterable[Chart]) -> Forms:
        """Forms with a picture of each of these charts, drawn and uploaded where it was not yet.

        They are tried out by whoever asked, who then calls `shown`. Raises IntegrationError.
        """
        files: dict[str, str] = {}
        for chart in charts:
            known = self._of(chart)
            known.tries += 1
            async with known.drawing:  # two cards may want the same picture at once
                if not known.file:
                    content = await self._draw(chart)
                    known.file = await self._upload("chart.png", chart.title or "Chart", content)
            files[digest(chart)] = known.file
        return Forms(self._native, {**self.forms.pictures, **files})

    def shown(self, forms: Forms) -> None:
        """Slack took a message with these pictures: from now on they are shown at once."""
        for key in forms.pictures:
            if key in self._pictures:
                self._pictures[key].is_shown = True

    def refuse_native(self) -> None:
        """Slack took a message only without its own chart block: it is not tried again."""
        if self._native:
            _log.warning("slack takes no chart blocks here; charts become pictures")
        self._native = False

    def refuse_pictures(self, charts: Iterable[Chart]) -> None:
        """Slack took a message only without these pictures (somebody may have deleted the files): they are drawn
        anew."""
        for key in map(digest, charts):
            if key in self._pictures:
                self._pictures[key].file, self._pictures[key].is_shown = "", False

    def _of(self, chart: Chart) -> _Picture:
        key = digest(chart)
        known = self._pictures.setdefault(key, _Picture())
        self._pictures.move_to_end(key)
        while len(self._pictures) > _REMEMBERED:
            self._pictures.popitem(last=False)
        return known
