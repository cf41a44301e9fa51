"""platform.yml: the platform's own names."""

from collections.abc import Callable

import pytest

from bot.playbooks.document import parse_document
from bot.playbooks.platform import TEMPLATE_NAMES, Platform
from bot.playbooks.validation import validate


@pytest.fixture
def told() -> Callable[[str], list[tuple[int, str]]]:
    """Lines and messages of a platform's problems."""

    def problems_of(text: str) -> list[tuple[int, str]]:
        _, problems = validate(Platform, parse_document(text, "platform.yml"))
        return [(problem.line, problem.message) for problem in problems]

    return problems_of


def test_templates_see_names_and_neither_people_nor_routing(platform: Platform) -> None:
    """Who approves is no text of a playbook; what templates see are plain values."""
    names = platform.names()
    assert names.keys() == set(TEMPLATE_NAMES)
    assert names["marts"] == [{"table": "A.MARTS.REVENUE", "column": "DAY", "max_age_hours": 36.0}]
    assert names["contacts"]["application"] == {"name": "Shop team", "channel": ""}


def test_a_routing_has_durations_and_severities(told: Callable[[str], list[tuple[int, str]]]) -> None:
    """A severity that does not exist and a time without a unit are told at their line."""
    good = "name: x\nchannels: [a]\nrouting:\n  P1: {channel: a, page: true, respond: 15m, then: [lead]}\n"
    assert told(good) == []
    assert told(good.replace("15m", "15"))[0][0] == 4
    assert told(good.replace("P1", "P5"))[0][0] == 4


@pytest.mark.parametrize("table", ["x", "a; drop.b", "a.b.c.d", "a.b'"])
def test_a_mart_is_a_qualified_plain_name(told: Callable[[str], list[tuple[int, str]]], table: str) -> None:
    """Its table and column become identifiers in a probe's SQL, so nothing but names passes."""
    mart = f'{{table: "{table}", column: DAY, max_age_hours: 36}}'
    assert told(f"name: x\nchannels: [a]\nmarts: [{mart}]\n")[0][0] == 3


def test_a_mart_that_is_always_stale_is_refused(told: Callable[[str], list[tuple[int, str]]]) -> None:
    """An age of nothing would alarm for ever."""
    assert told("name: x\nchannels: [a]\nmarts: [{table: a.b, column: c, max_age_hours: 0}]\n")
