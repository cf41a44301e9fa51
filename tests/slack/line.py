"""A way to Slack that remembers what was sent, for tests of what waits in front of it."""

import asyncio
from collections.abc import Mapping
from typing import Any


class Line:
    """`sent` in order; `refusals` are used up first; `takes_s` is how long each call lasts, in the time of the test."""

    def __init__(self, time: Any) -> None:
        self.time = time
        self.sent: list[str] = []
        self.refusals: list[Exception] = []
        self.takes_s = 0.0
        self.abreast = self.most_abreast = 0

    async def send(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """One call."""
        self.sent.append(payload["text"])
        self.abreast += 1
        self.most_abreast = max(self.most_abreast, self.abreast)
        await (self.time.sleep(self.takes_s) if self.takes_s else asyncio.sleep(0))
        self.abreast -= 1
        if self.refusals:
            raise self.refusals.pop(0)
        return {"ok": True, "ts": f"1.{len(self.sent)}"}
