"""Templates hold words; values stay values."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from bot.playbooks.templates import (
    TextError,
    evaluate,
    expectation,
    names_in,
    parse_expression,
    parse_text,
    render_plain,
    render_text,
    resolve,
    resolve_arguments,
)

HOSTILE = "{{ 7 * 7 }} <!channel> `x` *y*"


def test_a_value_is_never_a_template() -> None:
    """Braces inside a value are shown, not run, in words, in arguments and in expressions."""
    assert render_text("{{ v }}", {"v": HOSTILE}) == "{{ 7 * 7 }} &lt;!channel&gt; 'x' ∗y∗"
    assert render_plain("x {{ v }}", {"v": HOSTILE}) == f"x {HOSTILE}"
    assert resolve("{{ v }}", {"v": HOSTILE}) == HOSTILE
    assert evaluate("v", {"v": HOSTILE}) == HOSTILE


def test_a_filter_does_not_make_a_value_trusted() -> None:
    """Code joined, raised or defaulted with other text is escaped again."""
    for source in (
        "{{ v | code ~ v }}",
        "{{ v | code | upper }}",
        "{{ [v | code, v] | join }}",
        "{{ x | default(v) }}",
    ):
        assert "<" not in render_text(source, {"v": "<!here>"})


@pytest.mark.parametrize(
    "source",
    [
        "{{ v.__class__ }}",
        "{{ v['__class__'] }}",
        "{{ v | attr('x') }}",
        "{{ [v] | map(attribute='__class__') | list }}",
        "{{ ''.join(v) }}",
        "{{ v.upper() }}",
        "{{ range(9) }}",
        "{{ 'x' * 1000000000 }}",
        "{{ [1] * 1000000000 }}",
        "{{ 9 ** 999999 }}",
        "{{ '%1000000000d' % 1 }}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% macro m() %}{% endmacro %}",
        "{% set x = 1 %}",
        "{{ self }}",
        "{{ lipsum }}",
        "{{ nothing }}",
        "{{ v.nothing }}",
        "{{ v",
        "{{ v | nofilter }}",
        "{% if v %}",
        "{{ o }}",
        "{{ v / 0 }}",
    ],
)
def test_tricks_and_mistakes_are_errors(source: str) -> None:
    """No attribute tricks, calls, imports, memory bombs or undefined names: each is a TextError, never text."""
    with pytest.raises(TextError):
        render_text(source, {"v": 1 if "/" in source else "text", "o": object()})


def test_conditions_and_loops_over_rows_remain() -> None:
    """`if` and `for` are what a playbook needs."""
    rows = [SimpleNamespace(user="a"), SimpleNamespace(user="b")]
    text = "{% if rows %}{% for r in rows %}{{ r.user }}{% if not loop.last %}, {% endif %}{% endfor %}{% endif %}"
    assert render_text(text, {"rows": rows}) == "a, b"


def test_names_are_those_taken_from_outside() -> None:
    """Loop variables and strings are no names; `if` and filters' arguments are looked into."""
    source = "{% for r in locks.rows %}{{ r.x }}{% endfor %}{% if a %}{{ 'b' }}{{ c | default(d) }}{% endif %}"
    assert names_in(parse_text(source)) == {"locks", "a", "c", "d"}


@pytest.mark.parametrize("source", ["a }} {{ b", "a %} {% b", "", "a b", "f(x)"])
def test_an_expression_is_one_expression(source: str) -> None:
    """Nothing can be smuggled past the braces that are put around it."""
    with pytest.raises(TextError):
        parse_expression(source)


@pytest.mark.parametrize(
    "source", ["missing", "facts.missing", "missing > 1", "facts.none.x", "facts.name > 1", "not missing"]
)
def test_an_expression_with_something_undefined_is_an_error(source: str) -> None:
    """An undefined name is never false: an error means no button."""
    with pytest.raises(TextError):
        evaluate(source, {"facts": SimpleNamespace(none=None, name="x")})


def test_an_expectation_is_told_on_fresh_facts() -> None:
    """`result` is what was read again."""
    facts = SimpleNamespace(used=10, quota=75, state="success")
    assert expectation("result.used < result.quota", facts) is True
    assert expectation('result.state in ["failed"]', facts) is False
    with pytest.raises(TextError):
        expectation("used < quota", facts)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("{{ n }}", 7),
        (" {{ n * 1.5 }} ", 10.5),
        ("{{ [n, 9] | max }}", 9),
        ("{{ rows }}", [{"a": 1}]),
        ("n is {{ n }}", "n is 7"),
        ("{{ n }}{{ n }}", "77"),
        ("plain", "plain"),
        (5, 5),
        (None, None),
        (["{{ n }}", {"k": "{{ n }}"}], [7, {"k": 7}]),
        ("{{ at }}", "2026-11-20T05:58:11.204816+00:00"),
    ],
)
def test_an_argument_that_is_one_expression_keeps_its_type(given: Any, value: Any) -> None:
    """One expression gives a number, a list or a time (as ISO text, to the microsecond); anything else a text."""
    at = datetime(2026, 11, 20, 5, 58, 11, 204816, tzinfo=UTC)
    assert resolve(given, {"n": 7, "rows": [{"a": 1}], "at": at}) == value


def test_an_empty_argument_is_left_out() -> None:
    """What the alert did not say is the probe's own default; zero and false are values."""
    given = {"a": "{{ empty }}", "b": "{{ zero }}", "c": "x{{ empty }}", "d": False}
    assert resolve_arguments(given, {"empty": "", "zero": 0}) == {"b": 0, "c": "x", "d": False}
