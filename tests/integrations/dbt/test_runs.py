"""One run of dbt: what became of each node, found by name or id, and the lines that a message is about."""

from typing import Any

import pytest

from bot.integrations.dbt.runs import MESSAGE, Result, lines_about, name_of, run_from
from tests.integrations.dbt.builders import result, run


def only(**row: Any) -> Result:
    """The result of one node."""
    return run_from(run(result(**row))).results[0]


@pytest.mark.parametrize(
    ("unique_id", "name"),
    [
        ("model.shop.orders", "orders"),
        ("model.shop.orders.v2", "orders"),
        ("test.shop.unique_orders_id.a1b2", "unique_orders_id"),
        ("orders", "orders"),
        ("a.b", "a.b"),
        ("", ""),
    ],
)
def test_the_name_is_the_third_part_of_an_id(unique_id: str, name: str) -> None:
    """Of what is no id, all of it."""
    assert name_of(unique_id) == name


@pytest.mark.parametrize(
    ("name", "unique_id"),
    [
        ("orders", "model.one.orders"),
        ("MARTS.Orders", "model.one.orders"),
        ("model.two.orders", "model.two.orders"),
        ("Test.One.Fresh.1", "test.one.fresh.1"),
        ("customers", None),
        ("", None),
    ],
)
def test_an_id_goes_before_a_name(name: str, unique_id: str | None) -> None:
    """Two packages may each have a model of that name."""
    ids = ("model.one.orders", "model.two.orders", "test.one.fresh.1")
    found = run_from(run(*(result(each) for each in ids))).find(name)
    assert (found.unique_id if found else None) == unique_id


@pytest.mark.parametrize(
    ("status", "is_bad"),
    [("error", True), ("Fail", True), ("runtime error", True), ("warn", False), ("skipped", False), (None, False)],
)
def test_bad_is_what_dbt_failed_because_of(status: Any, is_bad: bool) -> None:
    """A warning is not."""
    assert only(status=status).is_bad is is_bad


@pytest.mark.parametrize(
    ("unique_id", "is_test"), [("test.s.t.1", True), ("unit_test.s.m.t", True), ("model.s.m", False)]
)
def test_both_kinds_of_tests_are_tests(unique_id: str, is_test: bool) -> None:
    """Of data, and of a unit."""
    assert only(unique_id=unique_id).is_test is is_test


def test_a_result_that_says_little_is_read() -> None:
    """Versions differ in what they leave out; a message is cut, its secrets hidden first."""
    found = only(
        message="token=hunter2hunter2 " + "x" * 9000, failures=None, execution_time=None, adapter_response=None
    )
    assert (found.failures, found.took_s, found.query_id, found.ended_at) == (None, 0.0, "", None)
    assert found.message.startswith("token=••• xxx")
    assert len(found.message) == MESSAGE


def test_it_ended_when_its_last_step_did() -> None:
    """Steps that never completed have no time."""
    timing = [
        {"completed_at": "2026-11-23T05:01:00Z"},
        {"completed_at": None},
        {"completed_at": "2026-11-23T05:00:00Z"},
    ]
    found = only(timing=timing, relation_name='"AN"."S"."t"', adapter_response={"query_id": "q"}, failures=3.0)
    assert found.ended_at is not None
    assert (found.ended_at.minute, found.relation, found.query_id, found.failures) == (1, "AN.S.t", "q", 3)


@pytest.mark.parametrize(
    ("message", "code", "lines"),
    [
        ("invalid identifier 'CURRENCY'", "select a,\n  currency,\n  b", ("2: currency,",)),
        ("invalid identifier 'T.CURRENCY'", "select t.currency", ("1: select t.currency",)),
        ("invalid identifier '\"Currency\"'", "select currency", ("1: select currency",)),
        ("invalid identifier 'CURRENCY'", "select currency_code", ()),
        ("a\n'x'", "x\nx\nx\nx", ("1: x", "2: x", "3: x")),
        ("no name here", "select 1", ()),
        ("''", "select ''", ()),
        ("'x'", "", ()),
        ("'x'", "x password='hunter2'", ("1: x password='•••'",)),
        ("'x'", "x" + " y" * 300, ("1: " + ("x" + " y" * 300)[:120],)),
    ],
)
def test_lines_are_those_that_hold_a_name_of_the_message(message: str, code: str, lines: tuple[str, ...]) -> None:
    """Whole names in any case; three lines, each short and without secrets."""
    assert lines_about(message, code) == lines


@pytest.mark.parametrize(("status", "lines"), [("error", ("1: select x",)), ("success", ())])
def test_only_what_failed_has_lines(status: str, lines: tuple[str, ...]) -> None:
    """A success quotes names too."""
    assert only(status=status, message="created 'x'", compiled_code="select x").lines == lines
