"""Stage 7: the flow's Desk and Headlines: cards into threads, the reaction on the alert, words for one person."""

from collections import OrderedDict

import structlog

from bot.flow.card import Card
from bot.flow.ports import Mood
from bot.incidents.incident import Incident
from bot.slack.cards import Cards
from bot.slack.escape import cut, escape_but_people
from bot.slack.methods import Method
from bot.slack.outbox import Outbox
from bot.slack.refusals import SlackRefused

_REMEMBERED = 2_000
_log = structlog.get_logger(__name__)


class SlackDesk:
    """The Slack side of the flow."""

    def __init__(self, outbox: Outbox, cards: Cards) -> None:
        self._outbox = outbox
        self._cards = cards
        self._moods: OrderedDict[tuple[str, str], Mood] = OrderedDict()

    async def show(self, card: Card) -> str:
        """The card in its thread, see Cards. Returns its ts."""
        return await self._cards.show(card)

    async def find(self, incident: Incident) -> str:
        """The ts of this incident's card if it was posted before, else ""."""
        return await self._cards.find(incident)

    async def mark(self, channel: str, ts: str, mood: Mood) -> None:
        """Set the one reaction: the new one first, then the old one away. An alert that is gone is not an error."""
        before = self._moods.get((channel, ts))
        if before is mood:
            return
        if not await self._react(Method.REACT, channel, ts, mood):
            return
        for old in _to_remove(before, mood):
            await self._react(Method.UNREACT, channel, ts, old)
        self._remember(channel, ts, mood)

    async def tell(self, person: str, channel: str, thread_ts: str, text: str) -> None:
        """Say something that only this person sees."""
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        words = cut(escape_but_people(text), 3_000)
        await self._outbox.call(Method.EPHEMERAL, {"channel": channel, "user": person, "text": words, **thread})

    async def open_thread(self, channel: str, text: str) -> str:
        """Post a plain message that a case's card will answer; returns its ts."""
        words = cut(escape_but_people(text), 3_000)
        return await self._outbox.post(channel, {"text": words, "unfurl_links": False, "unfurl_media": False})

    async def reply(self, channel: str, thread_ts: str, text: str) -> None:
        """Say something in a thread, to everybody in it."""
        words = cut(escape_but_people(text), 3_000)
        await self._outbox.post(channel, {"text": words, "thread_ts": thread_ts})

    async def _react(self, method: Method, channel: str, ts: str, mood: Mood) -> bool:
        """False when the message is gone. Having it already, or not having it, is what was asked for."""
        try:
            await self._outbox.call(method, {"channel": channel, "timestamp": ts, "name": mood.value})
        except SlackRefused as refusal:
            if refusal.code in {"message_not_found", "thread_locked", "is_archived"}:
                _log.info("no reaction on a message that is gone", channel=channel, ts=ts, code=refusal.code)
                return False
            if refusal.code not in {"already_reacted", "no_reaction"}:
                raise
        return True

    def _remember(self, channel: str, ts: str, mood: Mood) -> None:
        self._moods[channel, ts] = mood
        self._moods.move_to_end((channel, ts))
        while len(self._moods) > _REMEMBERED:
            self._moods.popitem(last=False)


def _to_remove(before: Mood | None, mood: Mood) -> list[Mood]:
    """The reaction that was set before. Unknown after a restart: any other, except on a fresh alert, which has none."""
    if before is not None:
        return [before]
    return [] if mood is Mood.LOOKING else [other for other in Mood if other is not mood]
