"""Stage 7: cards into threads: posted once, edited where they stand, in the best form that this workspace takes."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

import structlog

from bot.errors import Unreachable
from bot.flow.card import Card
from bot.incidents.incident import Incident
from bot.playbooks.reply import Chart
from bot.slack.blocks import build_card, plain_card
from bot.slack.charts import NATIVE, Forms, charts_of
from bot.slack.edge import PICTURES, Edge
from bot.slack.elements import Block
from bot.slack.gallery import Gallery
from bot.slack.methods import Method
from bot.slack.outbox import Outbox
from bot.slack.pacing import Time
from bot.slack.refusals import RateLimited, SlackRefused
from bot.slack.transport import Payload, pages

CARD_EVENT = "runbook_card"
_INVALID = {"invalid_blocks", "invalid_blocks_format", "invalid_attachments"}
_BAD_BLOCKS = _INVALID | {"msg_blocks_too_long"}
_GONE = {"message_not_found", "cant_update_message", "edit_window_closed"}
_PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0)  # Slack needs a moment to process an uploaded file
_REMEMBERED = 500
_log = structlog.get_logger(__name__)


class Cards:
    """Shows cards. `bot_user` is the bot's own user id; `edge` runs what nobody waits for: pictures of charts."""

    def __init__(self, outbox: Outbox, bot_user: str, gallery: Gallery, edge: Edge, time: Time) -> None:
        self._outbox = outbox
        self._bot_user = bot_user
        self._gallery = gallery
        self._edge = edge
        self._time = time
        self._newest: OrderedDict[str, Card] = OrderedDict()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._hanging: set[str] = set()

    async def show(self, card: Card) -> str:
        """Post the card, or edit it where it was posted; a card that somebody deleted is posted anew. Returns its ts.

        Blocks that Slack refuses are replaced: charts by characters, and where that does not help, the card by text.
        Pictures of charts follow when they are ready: the card does not wait for them.
        """
        id = card.incident.id
        async with self._turns.setdefault(id, asyncio.Lock()):
            ts = await self._show(card)
            self._remember(replace(card, incident=replace(card.incident, card_ts=ts)))
        if id not in self._hanging and self._gallery.lacking(charts_of(card.reply, complete=True)):
            self._hanging.add(id)
            self._edge.begin("pictures of a card", self._hang(id), lane=PICTURES).add_done_callback(
                lambda _: self._hanging.discard(id)
            )
        return ts

    async def _show(self, card: Card) -> str:
        refusal: SlackRefused | None = None
        best = self._gallery.forms
        for forms in _ways(card, best):
            text, blocks = build_card(card, forms)
            try:
                ts = await self._deliver(card, {"text": text, "blocks": blocks})
            except SlackRefused as error:
                if error.code not in _BAD_BLOCKS:
                    raise
                refusal = refusal or error
                continue
            if refusal is not None and refusal.code in _INVALID:
                self._learn(card, best, forms)
            return ts
        if refusal is not None:
            _log.error("slack refused a card", incident=card.incident.id, code=refusal.code, reason=refusal.reason)
        return await self._deliver(card, {"text": plain_card(card), "blocks": []})

    def _learn(self, card: Card, best: Forms, taken: Forms) -> None:
        """What was left out to make Slack take the card is what it refuses."""
        if best.native and not taken.native:
            self._gallery.refuse_native()
        else:
            self._gallery.refuse_pictures(charts_of(card.reply))

    async def _hang(self, id: str) -> None:
        """Draw and upload what the newest card lacks, then edit it in, once Slack has processed it."""
        while lacking := self._gallery.lacking(self._charts(id)):
            forms = await self._gallery.hang(lacking)
            for pause in _PAUSES_S:
                if await self._try(id, forms):
                    break
                await self._time.sleep(pause)
            else:
                _log.warning("slack does not show a picture", incident=id)

    def _charts(self, id: str) -> list[Chart]:
        card = self._newest.get(id)
        return charts_of(card.reply, complete=True) if card else []

    async def _try(self, id: str, forms: Forms) -> bool:
        """True when Slack took the newest card with these pictures, or nobody wants them any more."""
        async with self._turns.setdefault(id, asyncio.Lock()):
            card = self._newest.get(id)
            if card is None:
                return True
            text, blocks = build_card(card, forms)
            try:
                await self._deliver(card, {"text": text, "blocks": blocks})
            except SlackRefused as error:
                if error.code not in _BAD_BLOCKS:
                    raise
                return False
            self._gallery.shown(forms)
            return True

    def _remember(self, card: Card) -> None:
        self._newest[card.incident.id] = card
        self._newest.move_to_end(card.incident.id)
        while len(self._newest) > _REMEMBERED:
            self._newest.popitem(last=False)

    async def find(self, incident: Incident) -> str:
        """The ts of this incident's card in its thread, told by its metadata or its first block's id; "" if none."""
        thread = {"channel": incident.channel, "ts": incident.alert_ts, "limit": 200, "include_all_metadata": True}
        async for page in pages(self._outbox, Method.REPLIES, thread, most=5):
            for message in page.get("messages") or ():
                if message.get("user") == self._bot_user and _is_card(message, incident.id):
                    return str(message.get("ts", ""))
        return ""

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


def _ways(card: Card, best: Forms) -> Iterator[Forms]:
    """From the best form to the surest; a way that would draw the same blocks again is left out."""
    yield best
    kinds = _kinds(build_card(card, best)[1])
    if "image" in kinds:
        yield Forms(best.native)
    if NATIVE in kinds:
        yield Forms(native=False)


def _kinds(blocks: list[Block]) -> set[str]:
    return {str(block.get("type")) for block in blocks}


def _is_card(message: Mapping[str, Any], incident: str) -> bool:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") == CARD_EVENT:
        return bool((metadata.get("event_payload") or {}).get("incident") == incident)
    return any(block.get("block_id") == f"card:{incident}" for block in message.get("blocks") or ())
