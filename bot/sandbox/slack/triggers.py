"""Second floor of the stand-in: trigger ids, which live for seconds and open one view only. Pure: time is given."""

from dataclasses import dataclass
from secrets import token_hex

from bot.sandbox.slack.refusal import Refusal

KEPT = 10_000


@dataclass(slots=True)
class _Trigger:
    user: str
    app: str
    dies_at: float
    used: bool = False


class Triggers:
    """Issues trigger ids and takes each back once; `lives` is in seconds."""

    def __init__(self, lives: float) -> None:
        self._lives = lives
        self._issued: dict[str, _Trigger] = {}

    def issue(self, user: str, app: str, now: float) -> str:
        """A new trigger id for what `user` just did; the oldest are forgotten when there are too many."""
        trigger_id = f"{len(self._issued)}.{int(now * 1000)}.{token_hex(16)}"
        self._issued[trigger_id] = _Trigger(user, app, now + self._lives)
        if len(self._issued) > KEPT:
            del self._issued[next(iter(self._issued))]
        return trigger_id

    def spend(self, trigger_id: str, app: str, now: float) -> str:
        """The user behind a trigger id. Refusal expired_trigger_id, exchanged_trigger_id, invalid_trigger_id."""
        trigger = self._issued.get(trigger_id)
        if trigger is None or trigger.app != app:
            raise Refusal("invalid_trigger_id", f"{trigger_id!r} was never issued to {app}")
        if trigger.used:
            raise Refusal("exchanged_trigger_id", "a trigger id opens one view only")
        if now > trigger.dies_at:
            raise Refusal("expired_trigger_id", f"a trigger id dies after {self._lives:g} s")
        trigger.used = True
        return trigger.user
