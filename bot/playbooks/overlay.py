"""Facts for cases: what a case says, laid over the facts that a probe typically gives."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.errors import PlaybookError
from bot.playbooks.problem import did_you_mean

Facts = TypeVar("Facts")


def lay_over(facts: Facts, overrides: Mapping[str, Any]) -> Facts:
    """The same kind of facts with these values changed, types checked (times and numbers may be written as text).

    A mapping changes a part and leaves its other fields; an item of a list is laid over the first item that
    stands there, so that a case writes only what matters to it. PlaybookError names a field that does not exist or
    does not fit.
    """
    kind = type(facts)
    typical = asdict(facts)  # type: ignore[call-overload] # facts are dataclasses by contract
    try:
        return TypeAdapter(kind).validate_python(_merge(typical, overrides, kind.__name__))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise PlaybookError(f"`{'.'.join(str(part) for part in first['loc'])}`: {first['msg']}") from error


def _merge(old: Any, new: Any, path: str) -> Any:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in new.keys() - old.keys():
            raise PlaybookError(f"{path} has no `{name}`; {did_you_mean(name, old)}".rstrip("; "))
        return {**old, **{name: _merge(old[name], value, f"{path}.{name}") for name, value in new.items()}}
    if isinstance(old, list | tuple) and old and isinstance(new, list):
        return [_merge(old[0], item, f"{path}[]") for item in new]
    return new
