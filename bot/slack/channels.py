"""Stage 1: which channels are watched: names in platform.yml, ids on the wire."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

import structlog

from bot.slack.methods import Method
from bot.slack.transport import Caller, pages

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of the workspace that the bot can see."""

    id: str
    name: str
    is_member: bool


class Channels:
    """The watched channels, looked up by name or id; kept until `refresh`."""

    def __init__(self, caller: Caller, watched: Sequence[str]) -> None:
        self._caller = caller
        self._wanted: tuple[str, ...] = ()
        self.watch(watched)
        self._found: Mapping[str, Channel] = {}

    def watch(self, names: Sequence[str]) -> bool:
        """Watch these from the next `refresh` on; False when they were watched already."""
        wanted = tuple(name.removeprefix("#") for name in names)
        if wanted == self._wanted:
            return False
        self._wanted = wanted
        return True

    async def refresh(self) -> None:
        """Look every watched name up again; says in the log which are not there or lack the bot."""
        known = {channel.name: channel for channel in [channel async for channel in self._list()]}
        by_id = {channel.id: channel for channel in known.values()}
        found = (known.get(name) or by_id.get(name) for name in self._wanted)
        self._found = {channel.id: channel for channel in found if channel is not None}
        for problem in self.problems():
            _log.warning("a watched channel is not heard", problem=problem)

    def is_watched(self, id: str) -> bool:
        """True for a watched channel's id."""
        return id in self._found

    @property
    def readable(self) -> tuple[str, ...]:
        """Ids of watched channels that the bot is a member of."""
        return tuple(channel.id for channel in self._found.values() if channel.is_member)

    def problems(self) -> list[str]:
        """One sentence for each watched channel that the bot cannot hear, with what to do."""
        names = {channel.name for channel in self._found.values()} | set(self._found)
        missing = [
            f"#{name}: no such channel, or private without the bot" for name in self._wanted if name not in names
        ]
        outside = [
            f"#{channel.name}: the bot is not a member; write /invite @runbook-bot there"
            for channel in self._found.values()
            if not channel.is_member
        ]
        return [*missing, *outside]

    async def _list(self) -> AsyncIterator[Channel]:
        payload = {"types": "public_channel,private_channel", "exclude_archived": True, "limit": 1000}
        async for page in pages(self._caller, Method.CHANNELS, payload):
            for channel in page.get("channels") or ():
                yield Channel(str(channel["id"]), str(channel.get("name", "")), bool(channel.get("is_member")))
