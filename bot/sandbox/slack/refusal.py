"""First floor of the stand-in: the one error by which any part of it says no, with Slack's own code."""

from typing import Any


class Refusal(Exception):
    """Slack's answer `{"ok": false, "error": code}`; `extra` holds further fields of that answer."""

    def __init__(self, code: str, detail: str = "", **extra: Any) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.extra = extra
