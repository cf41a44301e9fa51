"""What pydantic refuses, told as problems with the line in the file and what was perhaps meant."""

import re
from collections.abc import Iterable, Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.playbooks.document import Document, Location
from bot.playbooks.problem import Problem, did_you_mean

Model = TypeVar("Model", bound=BaseModel)


def validate(model: type[Model], document: Document, **given: object) -> tuple[Model | None, list[Problem]]:
    """The document as this model, or None and why not. `given` are fields that the file does not hold itself."""
    problems = [
        Problem(
            document.path, document.line_of((name,)), f"`{name}` is not written here: it follows from the file's name"
        )
        for name in given
        if name in document.data
    ]
    try:
        value = model.model_validate({**document.data, **given})
    except ValidationError as error:
        return None, problems + list(explain(model, document, error.errors(include_url=False)))
    return (None, problems) if problems else (value, [])


def explain(model: type[BaseModel], document: Document, errors: Iterable[ErrorDetails]) -> Iterator[Problem]:
    """Each of pydantic's errors as a problem."""
    for error in errors:
        location: Location = error["loc"]
        key = str(location[-1]) if location else ""
        line = document.line_of(location)
        if error["type"] == "extra_forbidden":
            yield Problem(
                document.path, line, f"unknown key `{key}`", did_you_mean(key, _known_keys(model, location[:-1]))
            )
        elif error["type"] == "missing":
            yield Problem(document.path, line, f"`{_shown(location)}` is missing")
        else:
            yield Problem(document.path, line, f"`{_shown(location)}`: {_reason(error)}", _hint(error))


def _shown(location: Location) -> str:
    return ".".join(str(part) for part in location if part != "[key]") or "the file"


def _reason(error: ErrorDetails) -> str:
    message = error["msg"].removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _hint(error: ErrorDetails) -> str:
    expected = re.findall(r"'([^']+)'", str(error.get("ctx", {}).get("expected", "")))
    return did_you_mean(str(error["input"]), expected) if expected else ""


def _known_keys(model: type[BaseModel], location: Location) -> list[str]:
    found: Any = model
    for part in location:
        found = _step(found, part)
    if not (isinstance(found, type) and issubclass(found, BaseModel)):
        return []
    return [field.alias or name for name, field in found.model_fields.items() if name != "id"]


def _step(kind: Any, part: str | int) -> Any:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        names = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
        return _plain(names.get(str(part)))
    arguments = get_args(kind)
    if get_origin(kind) is dict:
        return _plain(arguments[1])
    return _plain(arguments[0]) if arguments else None


def _plain(kind: Any) -> Any:
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return next((_plain(each) for each in get_args(kind) if each is not NoneType), None)
    return kind
