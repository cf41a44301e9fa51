"""Stage 6: the tree of a template of words and `{{ names.and.fields | filters }}` alone, as Jinja2 would read it.

Nine of ten templates are so. Jinja2's own reader takes ten times as long, and hundreds are read at every start.
"""

import re

from jinja2 import Environment, nodes

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_VALUE = re.compile(rf"\{{\{{ *({_NAME}(?:\.{_NAME})*)((?: *\| *{_NAME})*) *\}}\}}")
_WORDS = frozenset({"true", "false", "none", "True", "False", "None", "not", "and", "or", "in", "is", "if", "else"})
_MORE = re.compile(r"\{[{%#]|\{\Z|\r")


def read_plain(source: str, environment: Environment) -> nodes.Template | None:
    """The tree of such a template, None for any other: Jinja2 then says what it is, or what is wrong with it.

    Filters are not looked up. As in Jinja2, one line break at the end is not part of the text.
    """
    data, *others = _VALUE.split(source)
    found: list[nodes.Expr] = []
    for text, path, filters in zip([data, *others[2::3]], [*others[::3], ""], [*others[1::3], ""], strict=True):
        first, *fields = path.split(".")
        if first in _WORDS or _MORE.search(text):
            return None
        words = text if path else text.removesuffix("\n")
        if words:
            found.append(nodes.TemplateData(words, lineno=1, environment=environment))
        if path:
            found.append(_value(first, fields, filters.split("|")[1:], environment))
    body: list[nodes.Node] = [nodes.Output(found, lineno=1, environment=environment)] if found else []
    return nodes.Template(body, lineno=1, environment=environment)


def _value(first: str, fields: list[str], filters: list[str], environment: Environment) -> nodes.Expr:
    value: nodes.Expr = nodes.Name(first, "load", lineno=1, environment=environment)
    for field in fields:
        value = nodes.Getattr(value, field, "load", lineno=1, environment=environment)
    for name in filters:
        value = nodes.Filter(value, name.strip(), [], [], None, None, lineno=1, environment=environment)
    return value
