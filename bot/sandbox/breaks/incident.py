"""What a break is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.breaks.running import Running


@dataclass(frozen=True, slots=True)
class Break:
    """An incident that can be caused in a running sandbox, and mended. Both may be called twice in a row."""

    name: str
    title: str
    needs: tuple[str, ...]
    cause: Callable[[Running], None]
    mend: Callable[[Running], None]
