"""Stage 6: which remedies may be offered. Anything unknown or out of bounds means no button, never a wrong one."""

from collections.abc import Mapping
from typing import Any

from bot.playbooks.escaping import clean
from bot.playbooks.model import Input, RemedyOffer
from bot.playbooks.reply import InputField, Offer, Verify
from bot.playbooks.templates import TextError, evaluate, render_plain, resolve, resolve_arguments

LABEL_LIMIT = 75  # Slack's limit for a button's text


def build_offer(name: str, remedy: RemedyOffer, values: Mapping[str, Any]) -> Offer | None:
    """The offer when `when` holds and every argument and input is known and within bounds; else None."""
    try:
        if remedy.when and not evaluate(remedy.when, values):
            return None
        arguments = resolve_arguments(remedy.with_, values)
        label = clean(render_plain(remedy.label, values), LABEL_LIMIT)
        inputs = tuple(_build_input(key, field, arguments.get(key), values) for key, field in remedy.inputs.items())
    except TextError:
        return None
    if any(value is None for value in arguments.values()):
        return None
    verify = remedy.verify
    return Offer(
        name=name,
        label=label,
        remedy=remedy.remedy,
        arguments=arguments,
        approve=remedy.approve,
        inputs=inputs,
        verify=Verify(verify.again, verify.expect, verify.within.total_seconds()) if verify else None,
        resolves=remedy.resolves,
    )


def _build_input(name: str, field: Input, value: Any, values: Mapping[str, Any]) -> InputField:
    least, most = _bound(field.min, values), _bound(field.max, values)
    if field.type == "number":
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TextError(f"`{name}` is not a number")
        if (least is not None and value < least) or (most is not None and value > most):
            raise TextError(f"`{name}` is out of its bounds")
    return InputField(name, field.label or name.replace("_", " "), field.type, value, least, most)


def _bound(bound: float | str | None, values: Mapping[str, Any]) -> float | None:
    if bound is None or isinstance(bound, int | float):
        return bound
    value = resolve(bound, values)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TextError(f"the bound `{bound}` is not a number")
    return value
