"""What a test or model is, what it is made of, and what is made of it."""

from typing import Any

import pytest

from bot.integrations.dbt.manifest import manifest_from
from bot.integrations.dbt.probes.node import LISTED, NodeFacts, node_from
from tests.integrations.dbt.builders import manifest, table


def facts(nodes: dict[str, Any], *names: str, **parts: Any) -> NodeFacts:
    """The facts of the first of the names."""
    return node_from(manifest_from(manifest(nodes=nodes, **parts)), names)


@pytest.mark.parametrize(("names", "name"), [(("", "gone", "a", "b"), "a"), (("gone",), ""), ((), ""), (("",), "")])
def test_the_first_name_that_is_known_decides(names: tuple[str, ...], name: str) -> None:
    """None of them is nobody."""
    found = facts({"model.shop.a": table("a"), "model.shop.b": table("b")}, *names)
    assert found.name == name
    assert name or found == NodeFacts()


def test_a_source_or_exposure_of_that_name_is_not_meant() -> None:
    """Alerts are about what dbt runs."""
    sources = {"source.shop.pg.a": {"name": "a", "resource_type": "source"}}
    assert facts({}, "a", sources=sources) == NodeFacts()


def test_a_test_whose_model_is_gone_still_tells_its_rule() -> None:
    """Disabled, or renamed since."""
    row = {
        "name": "t",
        "resource_type": "test",
        "attached_node": "model.shop.gone",
        "column_name": "status",
        "test_metadata": {"name": "accepted_values", "kwargs": {"values": ["a", 1, None], "model": "x"}},
    }
    found = facts({"test.shop.t.1": row}, "t")
    assert (found.test_kind, found.column, found.values) == ("accepted_values", "status", ("a", "1", "None"))
    assert (found.model, found.relation, found.downstream) == ("", "", ())


@pytest.mark.parametrize(("values", "count"), [(list(range(300)), 100), ("abc", 0), (None, 0), ({"a": 1}, 0)])
def test_accepted_values_are_a_list_of_bounded_length(values: Any, count: int) -> None:
    """A text is not a list of letters."""
    row = {
        "name": "t",
        "resource_type": "test",
        "test_metadata": {"name": "accepted_values", "kwargs": {"values": values}},
    }
    assert len(facts({"test.shop.t.1": row}, "t").values) == count


def test_a_test_written_in_sql_has_no_rule_to_tell() -> None:
    """But a model, whose SQL is looked at, not the test's."""
    test = {
        "name": "t",
        "resource_type": "test",
        "raw_code": "select distinct 1",
        "depends_on": {"nodes": ["model.shop.a"]},
    }
    model = table("a", raw_code="select row_number() over (order by id) from x")
    found = facts({"test.shop.t": test, "model.shop.a": model}, "t")
    assert (found.test_kind, found.model, found.window) == ("", "a", "row_number")
    assert found.window_call == "row_number() over (order by id)"


def test_long_lists_are_cut() -> None:
    """A model that everything is made of."""
    parents = [f"model.shop.p{number}" for number in range(40)]
    children = [f"model.shop.c{number}" for number in range(40)]
    rows = {key: table(key.rpartition(".")[2]) for key in (*parents, *children)}
    found = facts({**rows, "model.shop.a": table("a", *parents)}, "a", child_map={"model.shop.a": children})
    assert {len(found.depends_on), len(found.reads), len(found.downstream), len(found.downstream_relations)} == {LISTED}


def test_parents_that_the_manifest_does_not_hold_are_left_out() -> None:
    """A package that was removed."""
    found = facts({"model.shop.a": table("a", "model.other.b")}, "a")
    assert (found.depends_on, found.reads) == ((), ())
