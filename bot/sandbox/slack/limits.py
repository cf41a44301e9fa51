"""Second floor of the stand-in: Slack's rate limits by method tier, and one message a second per channel. Pure.

Tiers from docs.slack.dev/apis/web-api/rate-limits: calls per minute per method, app and workspace. How much of a burst
Slack tolerates is not published: a tier's bucket holds one minute's worth here, a channel's is a setting.
"""

import math

from bot.sandbox.slack.settings import Settings

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
SPECIAL = {"auth.test": 600, "chat.postMessage": 600, "blocks.validate": 600, "chat.getPermalink": 600}
TIERS = {
    "apps.connections.open": 3,  # T1 on the older page, T3 in a newer copy
    "bots.info": 3,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.join": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "files.completeUploadExternal": 4,
    "files.getUploadURLExternal": 4,
    "files.info": 4,
    "reactions.add": 3,
    "reactions.get": 3,
    "reactions.remove": 2,
    "team.info": 3,
    "usergroups.list": 2,
    "usergroups.users.list": 2,
    "users.conversations": 3,
    "users.info": 4,
    "users.list": 2,
    "users.lookupByEmail": 3,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}


class Bucket:
    """Lets `burst` calls through at once and `rate` a second after that."""

    __slots__ = ("_at", "_burst", "_level", "_rate")

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._level = float(burst)
        self._at = now

    def take(self, now: float) -> float:
        """0.0 when the call may pass, else the seconds until the next one may."""
        self._level = min(self._burst, self._level + (now - self._at) * self._rate)
        self._at = now
        if self._level >= 1.0:
            self._level -= 1.0
            return 0.0
        return (1.0 - self._level) / self._rate


class Limiter:
    """Holds the buckets of one workspace; settings can be swapped while it runs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._buckets: dict[tuple[str, str, str], Bucket] = {}

    def change(self, settings: Settings) -> None:
        """Use other limits from now on, with full buckets."""
        self._settings = settings
        self._buckets.clear()

    def check(self, method: str, app: str, channel: str, now: float) -> int | None:
        """None when the call may pass, else whole seconds for Retry-After. `now` in seconds."""
        if not self._settings.rate_limits:
            return None
        if method == "chat.postMessage":
            wait = self._take((method, app, channel), self._settings.message_rate, self._settings.message_burst, now)
            if wait:
                return math.ceil(wait)
        per_minute = SPECIAL.get(method) or PER_MINUTE[TIERS.get(method, 3)]
        wait = self._take((method, app, ""), per_minute / 60, per_minute, now)
        return math.ceil(wait) if wait else None

    def _take(self, key: tuple[str, str, str], rate: float, burst: int, now: float) -> float:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(rate, burst, now)
        return bucket.take(now)
