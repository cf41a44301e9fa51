"""The fields of facts, as far as their types tell: a misspelt field is found when the playbook is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from jinja2 import nodes

from bot.playbooks.problem import did_you_mean
from bot.playbooks.templates import nodes_in


@dataclass(frozen=True, slots=True)
class UnknownField:
    """A field that these facts do not have."""

    path: str
    hint: str


def unknown_fields(tree: nodes.Template, types: Mapping[str, Any]) -> list[UnknownField]:
    """Fields named in a template that its values do not have.

    `types` maps a name to its dataclass, or to a mapping whose keys are its fields (`platform`). Rows of a
    `{% for row in facts.rows %}` are followed; where a type says nothing (Any, a mapping), nothing is refused.
    """
    known = dict(types)
    loops, names = _walk(tree)
    for loop in loops:
        if isinstance(loop.target, nodes.Name):
            known[loop.target.name] = element_of(_type_of(loop.iter, known)[0])
    found = (_type_of(node, known)[1] for node in names)
    return list(dict.fromkeys(each for each in found if each is not None))


@lru_cache(maxsize=65_536)
def _walk(tree: nodes.Template) -> tuple[tuple[nodes.For, ...], tuple[nodes.Getattr, ...]]:
    every = nodes_in(tree)
    loops = tuple(node for node in every if isinstance(node, nodes.For))
    return loops, tuple(node for node in every if isinstance(node, nodes.Getattr))


def type_of_expression(tree: nodes.Template, types: Mapping[str, Any]) -> Any:
    """The type of an expression that only follows fields; None when it is not known."""
    output = tree.find(nodes.Output)
    return _type_of(output.nodes[0], types)[0] if output and len(output.nodes) == 1 else None


def _type_of(node: nodes.Node, types: Mapping[str, Any]) -> tuple[Any, UnknownField | None]:
    if isinstance(node, nodes.Name):
        return types.get(node.name), None
    if not isinstance(node, nodes.Getattr):
        return None, None
    owner, unknown = _type_of(node.node, types)
    if unknown is not None or owner is None:
        return None, unknown
    names = _fields_of(owner)
    if names is not None and node.attr in names:
        return _plain(names[node.attr]), None
    if names is None or (isinstance(owner, type) and isinstance(getattr(owner, node.attr, None), property)):
        return None, None
    return None, UnknownField(_path(node), did_you_mean(node.attr, names))


def _fields_of(owner: Any) -> Mapping[str, Any] | None:
    if isinstance(owner, Mapping):
        return owner
    return _hints(owner) if isinstance(owner, type) and is_dataclass(owner) else None


@lru_cache(maxsize=1024)
def _hints(owner: type[Any]) -> Mapping[str, Any]:
    hints = get_type_hints(owner)
    return {field.name: hints[field.name] for field in fields(owner)}


def _plain(kind: Any) -> Any:
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        left = [each for each in get_args(kind) if each is not NoneType]
        return _plain(left[0]) if len(left) == 1 else None
    return kind


def element_of(kind: Any) -> Any:
    """The type of the items of a tuple or list type; None when it is not known."""
    if get_origin(kind) in (tuple, list):
        return _plain(get_args(kind)[0])
    return None


def _path(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_path(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"
