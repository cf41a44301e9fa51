"""Plain templates are read as Jinja2 reads them; everything else is left to it."""

import pytest
from jinja2 import Environment

from bot.playbooks.plain import read_plain

JINJA = Environment(autoescape=False)  # noqa: S701 # nothing is rendered here


@pytest.mark.parametrize(
    "source",
    [
        *("", "words alone", "{{ a }}", "{{a}}", "{{ a.b.c }} and {{ d }}{{ e }}", "a {{ b.c | d | e }} x\n", "x\n\n"),
        *("{{ a|b }}\n", "}} {{ a }}", "{{ a }}}", "a { b } {{ c }}", "é {{ a._b2 }} – ü", "line\n{{ a }}\nline"),
    ],
)
def test_the_tree_is_what_jinja_would_give(source: str) -> None:
    """Same nodes, so nothing that reads or runs a tree can tell who made it."""
    plain = read_plain(source, JINJA)
    assert plain is not None
    assert repr(plain) == repr(JINJA.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        *("{% if a %}b{% endif %}", "{{ a }}{# no #}", "{{ a + b }}", "{{ 'text' }}", "{{ a[0] }}", "{{ f(a) }}", "{{"),
        *("{{ a | default('x') }}", "{{ true }}", "{{ none }}", "{{ not }}", "{{- a }}", "{{{ a }}", "a\r\n", "{{ }}"),
        *("{{ a.1 }}", "{{ a b }}", "{{ a | }}", "{{ é }}"),
    ],
)
def test_more_than_names_and_filters_is_left_to_jinja(source: str) -> None:
    """Statements, comments, literals, calls, arguments and mistakes: Jinja2 reads them, or says what is wrong."""
    assert read_plain(source, JINJA) is None
