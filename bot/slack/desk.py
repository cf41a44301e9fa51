"""Stage 7: the flow's Desk and Headlines: cards into threads, the reaction on the alert, words for one person."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import structlog

from bot.errors import Unreachable
from bot.flow.card import Card
from bot.flow.ports import Mood
from bot.incidents.incident import Incident
from bot.slack.blocks import build_card, plain_card
from bot.slack.escape import cut, escape_but_people
from bot.slack.methods import Method
from bot.slack.outbox import Outbox
from bot.slack.refusals import RateLimited, SlackRefused
from bot.slack.transport import Payload, pages

CARD_EVENT = "runbook_card"
_REMEMBERED = 2_000
_BAD_BLOCKS = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "invalid_attachments"}
_GONE = {"message_not_found", "cant_update_message", "edit_window_closed"}
_log = structlog.get_logger(__name__)


class SlackDesk:
    """The Slack side of the flow. `bot_user` is the bot's own user id."""

    def __init__(self, outbox: Outbox, bot_user: str) -> None:
        self._outbox = outbox
        self._bot_user = bot_user
        self._moods: OrderedDict[tuple[str, str], Mood] = OrderedDict()

    async def show(self, card: Card) -> str:
        """Post the card, or edit it where it was posted; a card that somebody deleted is posted anew. Returns its ts.

        Blocks that Slack refuses are replaced by a card of text, so that the thread is never left without an answer.
        """
        text, blocks = build_card(card)
        try:
            return await self._deliver(card, {"text": text, "blocks": blocks})
        except SlackRefused as refusal:
            if refusal.code not in _BAD_BLOCKS:
                raise
            _log.error("slack refused a card", incident=card.incident.id, code=refusal.code, reason=refusal.reason)
            return await self._deliver(card, {"text": plain_card(card), "blocks": []})

    async def find(self, incident: Incident) -> str:
        """The ts of this incident's card in its thread, told by its metadata or its first block's id; "" if none."""
        thread = {"channel": incident.channel, "ts": incident.alert_ts, "limit": 200, "include_all_metadata": True}
        async for page in pages(self._outbox, Method.REPLIES, thread, most=5):
            for message in page.get("messages") or ():
                if message.get("user") == self._bot_user and _is_card(message, incident.id):
                    return str(message.get("ts", ""))
        return ""

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

    async def _deliver(self, card: Card, content: dict[str, Any]) -> str:
        incident = card.incident
        metadata = {"event_type": CARD_EVENT, "event_payload": {"incident": incident.id}}
        payload: Payload = {**content, "metadata": metadata}
        if incident.card_ts:
            try:
                await self._outbox.update(incident.channel, incident.card_ts, payload, is_urgent=bool(card.plans))
            except SlackRefused as refusal:
                if refusal.code not in _GONE:
                    raise
            else:
                return incident.card_ts
        return await self._post_once(incident, payload)

    async def _post_once(self, incident: Incident, payload: Payload) -> str:
        """A post whose answer was lost may have arrived: look before posting again."""
        thread = {"thread_ts": incident.alert_ts, "unfurl_links": False, "unfurl_media": False}
        try:
            return await self._outbox.post(incident.channel, {**payload, **thread})
        except RateLimited:
            raise
        except Unreachable:
            found = await self.find(incident)
            return found or await self._outbox.post(incident.channel, {**payload, **thread})

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


def _is_card(message: Mapping[str, Any], incident: str) -> bool:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") == CARD_EVENT:
        return bool((metadata.get("event_payload") or {}).get("incident") == incident)
    return any(block.get("block_id") == f"card:{incident}" for block in message.get("blocks") or ())
