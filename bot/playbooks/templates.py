"""Stage 6: words with values in them. Playbooks are templates; alert text and findings only ever are values.

Jinja2's immutable sandbox with less in it: no calls, no imports, no macros, no globals; `{{ }}`, `{% if %}` and
`{% for %}` over a finding's rows remain. An undefined name is an error everywhere.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateError, Undefined, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.errors import PlaybookError
from bot.playbooks.escaping import Mrkdwn, cap_text, clean, escape
from bot.playbooks.filters import FILTERS, number, plain_time, slack_time
from bot.playbooks.plain import read_plain
from bot.playbooks.problem import did_you_mean

KEPT = 65_536  # texts: those of some thousand playbooks, which are checked one after another
_KEPT_FILTERS = (
    *("default", "first", "join", "last", "length", "list", "lower", "map", "max", "min"),
    *("reject", "rejectattr", "select", "selectattr", "sort", "sum", "unique", "upper"),
)
_ALLOWED = (nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Expr, nodes.Helper, nodes.Template)
_FIELDS = re.compile(r"[\s\w.]+")
_SINGLE = re.compile(r"\s*\{\{((?:(?!\{\{|\}\}|\{%|%\}).)*)\}\}\s*", re.DOTALL)


class TextError(PlaybookError):
    """A template or expression could not be used with these values; the message names what is missing."""


def _show(value: object, *, plain: bool) -> str:
    if isinstance(value, Undefined):
        bool(value)  # StrictUndefined raises here, naming the value
    if isinstance(value, datetime):
        value = plain_time(value) if plain else slack_time(value)
    if isinstance(value, list | tuple):
        value = ", ".join(_as_words(each) for each in value)
    if isinstance(value, Mrkdwn):
        return value
    words = _as_words(value)
    return clean(words) if plain else escape(words)


def _as_words(value: object) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number(value)
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str | int):
        raise TextError(f"a {type(value).__name__} cannot be shown as text; name one of its fields")
    return str(value)


def _show_mrkdwn(value: object) -> str:
    return _show(value, plain=False)


def _show_plain(value: object) -> str:
    return _show(value, plain=True)


class _Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset(["*", "**", "%"])

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Numbers only: `"x" * 10**9` would fill the memory, `**` runs for ever, `%` formats strings."""
        if operator == "**" or not all(isinstance(side, int | float) for side in (left, right)):
            raise TextError(f"`{operator}` works on two numbers only" if operator != "**" else "`**` is not used here")
        return super().call_binop(context, operator, left, right)


def _environment(*, plain: bool) -> _Environment:
    environment = _Environment(
        undefined=StrictUndefined,
        finalize=_show_plain if plain else _show_mrkdwn,
        autoescape=False,  # Slack's text is not HTML: finalize escapes every value for Slack
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,
    )
    kept = {name: environment.filters[name] for name in _KEPT_FILTERS}
    environment.filters = kept | FILTERS | ({"time": plain_time, "code": str} if plain else {})
    environment.globals.clear()
    return environment


_MRKDWN = _environment(plain=False)
_PLAIN = _environment(plain=True)


def _parse(source: str) -> nodes.Template:
    try:
        tree = read_plain(source, _MRKDWN) or _MRKDWN.parse(source)
    except TemplateError as error:
        raise TextError(f"in `{clean(source, 80)}`: {error.message}") from error
    for node in nodes_in(tree):
        if isinstance(node, nodes.Filter | nodes.Test) and node.name not in _known(node):
            hint = did_you_mean(node.name, _known(node))
            raise TextError(f"in `{clean(source, 80)}`: there is no `{node.name}` to apply; {hint}".rstrip("; "))
        if isinstance(node, nodes.Call):
            raise TextError(f"in `{clean(source, 80)}`: nothing can be called here; use a filter")
        if isinstance(node, nodes.Stmt) and not isinstance(node, _ALLOWED):
            raise TextError(f"in `{clean(source, 80)}`: only {{{{ }}}}, if and for are allowed")
    return tree


@lru_cache(maxsize=KEPT)
def nodes_in(tree: nodes.Template) -> tuple[nodes.Node, ...]:
    """Everything in a tree, read once for all who ask. Jinja2's own walk takes three times as long."""
    found: list[nodes.Node] = [tree]
    for node in found:
        for name in node.fields:
            value = getattr(node, name, None)
            found += [each for each in (value if isinstance(value, list) else (value,)) if isinstance(each, nodes.Node)]
    return tuple(found[1:])


_WORDS = nodes.Template([])


def _is_fixed(source: str) -> bool:
    """Whether the text says the same whatever the values are: most lines of a playbook do, and cost nothing then."""
    return "{" not in source and "\r" not in source


@lru_cache(maxsize=KEPT)
def parse_text(source: str) -> nodes.Template:
    """The tree of a template, checked; TextError when it is not one that playbooks may use."""
    return _WORDS if _is_fixed(source) else _parse(source)


@lru_cache(maxsize=KEPT)
def parse_expression(source: str) -> nodes.Template:
    """The tree of an expression (`when`, `expect`, table cells), checked as `parse_text` does."""
    if not source.strip() or not _SINGLE.fullmatch("{{" + source + "}}"):
        raise TextError(f"`{clean(source, 80)}` is not an expression")
    return _parse(f"{{{{ {source.strip()} }}}}") if _FIELDS.fullmatch(source) else _parse("{{ (" + source + ") }}")


def _known(node: nodes.Filter | nodes.Test) -> Mapping[str, Any]:
    return _MRKDWN.filters if isinstance(node, nodes.Filter) else _MRKDWN.tests


@lru_cache(maxsize=KEPT)
def names_in(tree: nodes.Template) -> frozenset[str]:
    """The names that a template or expression takes from outside."""
    if any(isinstance(node, nodes.For) for node in nodes_in(tree)):
        return frozenset(meta.find_undeclared_variables(tree))  # it knows where a loop's names end, and takes long
    return frozenset(node.name for node in nodes_in(tree) if isinstance(node, nodes.Name))


def render_text(source: str, values: Mapping[str, Any]) -> str:
    """Slack mrkdwn, every value escaped and the whole capped; TextError when a name is undefined."""
    parse_text(source)
    return cap_text(_run(_MRKDWN, source, values).strip())


def render_plain(source: str, values: Mapping[str, Any]) -> str:
    """The same as plain text, one line a value, nothing escaped: arguments, labels."""
    parse_text(source)
    return _run(_PLAIN, source, values).strip()


def show_plain(value: object) -> str:
    """A value as a table's cell: plain, one line, capped."""
    return _show(value, plain=True)


@lru_cache(maxsize=KEPT)
def _template(environment: _Environment, source: str) -> Any:
    code = environment.compile(parse_text(source))  # parsing it again would take half of this
    return environment.template_class.from_code(environment, code, environment.make_globals(None))


@lru_cache(maxsize=KEPT)
def _expression(source: str) -> Any:
    return _PLAIN.compile_expression(source, undefined_to_none=False)


_Path = tuple[str, ...]


def _path(node: nodes.Node) -> _Path:
    """The names of `a.b.c`; () for any other expression."""
    names: list[str] = []
    while isinstance(node, nodes.Getattr):
        names.append(node.attr)
        node = node.node
    return (node.name, *reversed(names)) if isinstance(node, nodes.Name) else ()


@lru_cache(maxsize=KEPT)
def _pieces(source: str) -> tuple[str | _Path, ...]:
    """A template of words and names alone, piece by piece; () when there is more to it.

    Most are so, and saying them piece by piece takes a tenth of what compiling them takes.
    """
    pieces: list[str | _Path] = []
    for output in parse_text(source).body:
        if not isinstance(output, nodes.Output):
            return ()
        pieces += [node.data if isinstance(node, nodes.TemplateData) else _path(node) for node in output.nodes]
    return tuple(pieces) if all(pieces) else ()


@lru_cache(maxsize=KEPT)
def _single_path(source: str) -> _Path:
    """The names of an expression that only follows fields; () for any other."""
    body = parse_expression(source).body
    found = body[0].nodes if len(body) == 1 and isinstance(body[0], nodes.Output) else []
    return _path(found[0]) if len(found) == 1 else ()


def _follow(path: _Path, values: Mapping[str, Any]) -> Any:
    """The value there, undefined where there is none; what the sandbox refuses is refused."""
    first, *others = path
    value = values[first] if first in values else _PLAIN.undefined(name=first)
    for name in others:
        value = _PLAIN.getattr(value, name)
    return value


def _run(environment: _Environment, source: str, values: Mapping[str, Any]) -> str:
    if _is_fixed(source):
        return source
    try:
        pieces = _pieces(source)
        if pieces:
            plain = environment is _PLAIN
            return "".join(
                each if isinstance(each, str) else _show(_follow(each, values), plain=plain) for each in pieces
            )
        return str(_template(environment, source).render(values))
    except TemplateError as error:
        raise TextError(str(error.message)) from error
    except (TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise TextError(f"in `{clean(source, 80)}`: {error}") from error


def evaluate(source: str, values: Mapping[str, Any]) -> Any:
    """The native value of an expression; TextError when anything in it is undefined or does not fit together."""
    path = _single_path(source)
    try:
        value = _follow(path, values) if path else _expression(source.strip())(**values)
    except TemplateError as error:
        raise TextError(str(error.message)) from error
    except (TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise TextError(f"in `{clean(source, 80)}`: {error}") from error
    if isinstance(value, Undefined):
        raise TextError(f"in `{clean(source, 80)}`: {value._undefined_message}")  # noqa: SLF001 # jinja2 offers no public one
    return value


def expectation(expression: str, facts: Any) -> bool:
    """Whether `expect` holds on fresh facts (`result`); TextError when it cannot be told."""
    return bool(evaluate(expression, {"result": facts}))


def resolve_arguments(given: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a probe or remedy. One that comes out as "" is left out, so that the probe's own default holds:
    this is what an entity means that the alert did not give."""
    resolved = {name: resolve(value, values) for name, value in given.items()}
    return {name: value for name, value in resolved.items() if value != ""}


def resolve(value: Any, values: Mapping[str, Any]) -> Any:
    """An argument of a probe or remedy: a text that is exactly one `{{ expression }}` gives its native value.

    Other texts are rendered plain; lists and mappings are resolved item by item; anything else stays as written.
    A time comes out as ISO 8601 text to the microsecond, because arguments are JSON values.
    """
    if isinstance(value, list | tuple):
        return [resolve(item, values) for item in value]
    if isinstance(value, Mapping):
        return {key: resolve(item, values) for key, item in value.items()}
    if not isinstance(value, str):
        return value
    single = _SINGLE.fullmatch(value)
    if single is None:
        return render_plain(value, values)
    native = evaluate(single.group(1), values)
    return native.isoformat() if isinstance(native, date) else native
