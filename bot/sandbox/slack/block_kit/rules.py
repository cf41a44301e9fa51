"""First floor of the Block Kit validator: the small rules from which the rules for blocks are put together. Pure.

Slack checks with a JSON schema (slackhq/hack-json-schema), hence the wording of the messages.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.sandbox.slack.block_kit.problem import CONSTRAINT, MISSING, TYPE, Problem

Rule = Callable[[Any, str], Iterator[Problem]]


def text(most: int | None = None, *, least: int = 1, pattern: str | None = None) -> Rule:
    """A string of `least` to `most` characters that matches `pattern` fully."""
    compiled = re.compile(pattern) if pattern else None

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(pointer, TYPE, "must provide a string")
        elif len(value) < least:
            yield Problem(pointer, CONSTRAINT, f"must be more than {least - 1} characters")
        elif most is not None and len(value) > most:
            yield Problem(pointer, CONSTRAINT, f"must be less than {most + 1} characters")
        elif compiled is not None and not compiled.fullmatch(value):
            yield Problem(pointer, CONSTRAINT, f"must match pattern {pattern}")

    return check


def choice(*allowed: str) -> Rule:
    """One of a few strings."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if value not in allowed:
            yield Problem(pointer, CONSTRAINT, f"must be a valid enum value: {', '.join(allowed)}")

    return check


def flag(value: Any, pointer: str) -> Iterator[Problem]:
    """True or false."""
    if not isinstance(value, bool):
        yield Problem(pointer, TYPE, "must provide a boolean")


def number(*, low: float | None = None, high: float | None = None, whole: bool = False) -> Rule:
    """A finite number between `low` and `high`."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        kinds = (int,) if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not math.isfinite(value):
            yield Problem(pointer, TYPE, "must provide an integer" if whole else "must provide a number")
        elif low is not None and value < low:
            yield Problem(pointer, CONSTRAINT, f"must be greater than or equal to {low}")
        elif high is not None and value > high:
            yield Problem(pointer, CONSTRAINT, f"must be less than or equal to {high}")

    return check


def array(item: Rule, most: int | None = None, *, least: int = 0) -> Rule:
    """A list of `least` to `most` items, each of which passes `item`."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(pointer, TYPE, "must provide an array")
            return
        if most is not None and len(value) > most:
            yield Problem(pointer, CONSTRAINT, f"no more than {most} items allowed")
            return
        if len(value) < least:
            yield Problem(pointer, CONSTRAINT, f"no less than {least} items allowed")
        for index, one in enumerate(value):
            yield from item(one, f"{pointer}/{index}")

    return check


def shape(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, *also: Rule) -> Rule:
    """An object with these fields and no others; rules in `also` then look at the whole object when it is one."""
    known = {**required, **(optional or {})}

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(pointer, TYPE, "must provide an object")
            return
        for name in required:
            if name not in value:
                yield Problem(pointer, MISSING, f"missing required field: {name}")
        for name, one in value.items():
            if name not in known:
                yield Problem(pointer, CONSTRAINT, f"invalid additional property: {name}")
            else:
                yield from known[name](one, f"{pointer}/{name}")
        for rule in also:
            yield from rule(value, pointer)

    return check


def by_type(kinds: Mapping[str, Rule], *, refused: Mapping[str, str] | None = None) -> Rule:
    """An object whose `type` says which rule holds; `refused` types exist, but not here, for the reason given."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(pointer, TYPE, "must provide an object")
            return
        kind = value.get("type")
        if kind is None:
            yield Problem(pointer, MISSING, "missing required field: type")
        elif kind in (refused or {}):
            yield Problem(f"{pointer}/type", CONSTRAINT, f"unsupported type: {kind} ({(refused or {})[kind]})")
        elif not isinstance(kind, str) or kind not in kinds:
            yield Problem(f"{pointer}/type", CONSTRAINT, f"unsupported type: {kind}")
        else:
            yield from kinds[kind](value, pointer)

    return check


def exactly_one(*names: str) -> Rule:
    """An object that holds exactly one of the fields."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if sum(name in value for name in names) != 1:
            yield Problem(pointer, CONSTRAINT, f"must define exactly one of {' or '.join(names)}")

    return check


def any_of(*names: str) -> Rule:
    """An object that holds at least one of the fields."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not any(name in value for name in names):
            fields = " or ".join(f"`{name}`" for name in names)
            yield Problem(pointer, CONSTRAINT, f"must define either {fields}")

    return check


def lazy(find: Callable[[], Rule]) -> Rule:
    """A rule that is looked up when used, for shapes that hold themselves."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        yield from find()(value, pointer)

    return check


def anything(value: Any, pointer: str) -> Iterator[Problem]:
    """No rule: a field that Slack itself fills in."""
    yield from ()
