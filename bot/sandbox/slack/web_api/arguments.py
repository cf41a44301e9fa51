"""Fourth floor of the stand-in: the arguments of a Web API call, from JSON, form or query alike. Pure."""

import json
from typing import Any

from bot.sandbox.slack.refusal import Refusal


class Arguments:
    """Typed access to a call's arguments; each accessor refuses what it cannot read with Slack's code."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        """A string; numbers become their digits."""
        value = self._values.get(name)
        return default if value is None else str(value)

    def required(self, name: str, code: str = "invalid_arguments") -> str:
        """A string that must not be empty; Refusal `code`."""
        value = self.text(name)
        if not value:
            message = f"[ERROR] missing required field: {name}"
            raise Refusal(code, message, response_metadata={"messages": [message]})
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True for true, "true", 1 and "1"."""
        value = self._values.get(name)
        return default if value is None else str(value).lower() in ("true", "1")

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        """A whole number between low and high; Refusal invalid_limit."""
        try:
            value = int(self._values.get(name) or default)
        except (TypeError, ValueError):
            raise Refusal("invalid_limit", f"{name} must be a number") from None
        if value < low:
            raise Refusal("invalid_limit", f"{name} must be at least {low}")
        return min(value, high)

    def structure(self, name: str, code: str) -> Any:
        """A JSON value, decoded when it came as a string; None when absent; Refusal `code` when it is no JSON."""
        value = self._values.get(name)
        if value in (None, ""):
            return None
        if isinstance(value, str):
            try:
                return json.loads(value)
            except ValueError:
                raise Refusal(code, f"{name} is not JSON") from None
        return value

    def names(self, name: str) -> list[str]:
        """A comma-separated list."""
        return [one.strip() for one in self.text(name).split(",") if one.strip()]

    def plain(self) -> dict[str, Any]:
        """Everything, for the journal, without the token."""
        return {name: value for name, value in self._values.items() if name != "token"}
