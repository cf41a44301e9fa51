"""Stage 7: rows for one person: `/diagnose`, "All rows" and their pages; text where Slack takes no table block."""

from collections.abc import Awaitable, Callable

import structlog

from bot.slack.answers import Answers
from bot.slack.clicks import Click
from bot.slack.elements import Block
from bot.slack.listings import Listing, build_listing
from bot.slack.methods import Method
from bot.slack.refusals import SlackRefused
from bot.slack.transport import Caller
from bot.slack.verbs import Verbs

Send = Callable[[str, list[Block]], Awaitable[object]]
_log = structlog.get_logger(__name__)


class Lists:
    """Shows listings, and what their buttons ask for. Remembers when this workspace refused a table block."""

    def __init__(self, verbs: Verbs, answers: Answers, caller: Caller) -> None:
        self._verbs = verbs
        self._answers = answers
        self._caller = caller
        self._is_native = True

    async def diagnose(self, name: str, person: str, channel: str) -> Listing | str:
        """A diagnostic query's first page, or what to tell about the runbook of that name."""
        found = await self._verbs.diagnose(name, person, channel)
        return found if isinstance(found, str) else Listing(found, {"query": name})

    async def answer(self, response_url: str, listing: Listing, *, is_page: bool = False) -> None:
        """Show it to whoever used a command; `is_page`: in the place of the page whose button was pressed."""
        await self._show(listing, lambda text, blocks: self._answers.show(response_url, text, blocks, is_page=is_page))

    async def query(self, click: Click) -> None:
        """A button of the menu: the first page below it."""
        (name,) = click.said("query")
        await self.answer(click.response_url, Listing(await self._verbs.run_query(name, False), {"query": name}))

    async def rows(self, click: Click) -> None:
        """All rows of a table under a step of a card: the first page, in its thread, for the clicker alone."""
        listing = await self._listing_of_step(click)

        async def send(text: str, blocks: list[Block]) -> None:
            where = {"channel": click.channel, "user": click.person, "thread_ts": click.thread_ts}
            await self._caller.call(Method.EPHEMERAL, {**where, "text": text, "blocks": blocks})

        await self._show(listing, send)

    async def turn(self, click: Click) -> None:
        """Next, previous, or the same page read again: a page that is turned at once may be of the same read."""
        page = click.number("page")
        if click.has("query"):
            (name,) = click.said("query")
            listing = Listing(await self._verbs.run_query(name, click.has("again")), {"query": name})
        else:
            listing = await self._listing_of_step(click)
        await self.answer(click.response_url, Listing(listing.diagnosis, listing.asked, page), is_page=True)

    async def _listing_of_step(self, click: Click) -> Listing:
        (incident,), step = click.said("incident"), click.number("step")
        return Listing(await self._verbs.see_table(incident, step), {"incident": incident, "step": str(step)})

    async def _show(self, listing: Listing, send: Send) -> None:
        if self._is_native:
            try:
                await send(*build_listing(listing))
            except SlackRefused as refusal:
                if not refusal.code.startswith("invalid_blocks"):
                    raise
                _log.warning("slack takes no table blocks here; tables become text", reason=refusal.reason)
                self._is_native = False
            else:
                return
        await send(*build_listing(listing, is_native=False))
