"""Stage 6: how values read in a playbook's text: `{{ lock.waiting_s | duration }}`."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from jinja2 import Undefined, pass_context
from jinja2.exceptions import TemplateRuntimeError
from jinja2.runtime import Context

from bot.playbooks.escaping import Mrkdwn, escape_code

_SPANS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def _refuse(filter: str, value: object) -> TemplateRuntimeError:
    if isinstance(value, Undefined):
        return TemplateRuntimeError(f"`{filter}` was given something undefined: {value._undefined_name}")  # noqa: SLF001 # jinja2 offers no public name
    return TemplateRuntimeError(f"`{filter}` needs a number or time, not {type(value).__name__}")


def _as_number(filter: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refuse(filter, value)
    return value


def _as_time(filter: str, value: object) -> datetime:
    if not isinstance(value, datetime):
        raise _refuse(filter, value)
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def round_number(value: object, digits: int = 0) -> float:
    """A number rounded to that many digits (an int for 0), usable in arguments."""
    rounded = round(_as_number("round", value), digits)
    return int(rounded) if digits <= 0 else rounded


def number(value: object) -> str:
    """1234.5 as "1,234.5": at most two digits after the point."""
    text = f"{_as_number('number', value):,.2f}"
    return text.rstrip("0").rstrip(".")


def percent(value: object) -> str:
    """92.31 (already in percent) as "92.3%"."""
    return f"{_as_number('percent', value):.1f}".removesuffix(".0") + "%"


def size(value: object) -> str:
    """Bytes with a decimal unit, "1.2 GB"."""
    amount = _as_number("bytes", value)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if abs(amount) < 1000 or unit == "TB":
            break
        amount /= 1000
    return f"{amount:.1f}".removesuffix(".0") + f" {unit}"


def duration(value: object) -> str:
    """Seconds as "42 min", "1 h 5 min", "2 d 3 h": the two largest units."""
    left = int(abs(_as_number("duration", value)))
    parts: list[str] = []
    for length, unit in _SPANS:
        count, left = divmod(left, length)
        if count or parts:
            parts.append(f"{count} {unit}" if count else "")
        if len(parts) == 2:
            break
    return " ".join(part for part in parts if part) or "0 s"


@pass_context
def age(context: Context, value: object) -> str:
    """How long ago a time is, as a duration; "in the future" is never said: clocks differ by seconds."""
    now = _as_time("age", context.get("now"))
    return duration(max(0.0, (now - _as_time("age", value)).total_seconds()))


def slack_time(value: object) -> Mrkdwn:
    """A time that each reader sees in their own zone; UTC where it cannot be shown so."""
    moment = _as_time("time", value).astimezone(UTC)
    return Mrkdwn(f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{plain_time(moment)}>")


def plain_time(value: object) -> str:
    """A time as "2026-11-20 14:05 UTC"."""
    return f"{_as_time('time', value).astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def code(value: object, limit: int = 300) -> Mrkdwn:
    """A value as inline code: names, queries and error texts, exactly as they are; a list with commas."""
    if isinstance(value, Undefined) or value is None:
        raise _refuse("code", value)
    return escape_code(", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value), limit)


FILTERS: dict[str, Callable[..., Any]] = {
    "round": round_number,
    "number": number,
    "percent": percent,
    "bytes": size,
    "duration": duration,
    "age": age,
    "time": slack_time,
    "code": code,
}
