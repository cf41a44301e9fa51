"""Nodes of a manifest: how they are found, what is made of them, who owns them, what a test is attached to."""

from typing import Any

import pytest

from bot.integrations.dbt.manifest import Manifest, Node, manifest_from
from tests.integrations.dbt.builders import manifest, table


def nodes(**named: dict[str, Any]) -> Manifest:
    """A manifest of models of the project `shop`."""
    return manifest_from(manifest(nodes={f"model.shop.{name}": row for name, row in named.items()}))


def one(**row: Any) -> Node:
    """The only node of a manifest."""
    return nodes(a=table("a", **row)).nodes["model.shop.a"]


FOUND = manifest_from(
    manifest(
        nodes={
            "model.shop.orders": table("orders"),
            "test.shop.orders.1": {"name": "orders", "resource_type": "test"},
        },
        sources={"source.shop.pg.orders": {"name": "orders", "resource_type": "source"}},
    )
)


@pytest.mark.parametrize(
    ("name", "kinds", "unique_id"),
    [
        ("orders", (), "model.shop.orders"),
        ("ORDERS", (), "model.shop.orders"),
        ("marts.Orders", ("model",), "model.shop.orders"),
        ("orders", ("test",), "test.shop.orders.1"),
        ("orders", ("source", "test"), "test.shop.orders.1"),
        ("Source.Shop.Pg.Orders", ("model",), "source.shop.pg.orders"),
        ("orders", ("seed",), None),
        ("order", (), None),
    ],
)
def test_a_node_is_found_by_its_id_or_its_name(name: str, kinds: tuple[str, ...], unique_id: str | None) -> None:
    """In any case, with a schema or without; an id is right whatever its kind, a name only of the kinds asked for."""
    found = FOUND.find(name, kinds)
    assert (found.unique_id if found else None) == unique_id


@pytest.mark.parametrize(
    ("text", "unique_id"),
    [
        ("ref('orders')", "model.shop.orders"),
        ('ref("shop", "orders")', "model.shop.orders"),
        ("{{ get_where_subquery(ref('orders')) }}", "model.shop.orders"),
        ("source('pg', 'orders')", "source.shop.pg.orders"),
        ("ref('customers')", None),
        ("orders", None),
        ("", None),
        ("ref(" + "'" * 5000, None),
    ],
)
def test_a_reference_stands_for_a_node(text: str, unique_id: str | None) -> None:
    """A model and a source may have one name; what is no reference stands for nobody."""
    found = FOUND.refer(text)
    assert (found.unique_id if found else None) == unique_id


@pytest.mark.parametrize(
    ("row", "owner"),
    [
        ({"config": {"meta": {"owner": "a"}}, "meta": {"owner": "b"}}, "a"),
        ({"meta": {"owner": "b"}, "config": {"group": "g"}}, "b"),
        ({"config": {"group": "g"}}, "g"),
        ({"group": "g"}, "g"),
        ({"config": None, "meta": None}, ""),
        ({"meta": {"owner": "x" * 900}}, "x" * 100),
    ],
)
def test_an_owner_is_whom_the_project_names(row: dict[str, Any], owner: str) -> None:
    """In the newer place, the older one, or by group."""
    assert one(**row).owner == owner


@pytest.mark.parametrize(
    ("row", "relation"),
    [
        ({}, "AN.S.a"),
        ({"alias": "b"}, "AN.S.b"),
        ({"identifier": "C", "alias": "b"}, "AN.S.C"),
        ({"database": None}, "S.a"),
        ({"resource_type": "test"}, ""),
        ({"resource_type": "exposure"}, ""),
    ],
)
def test_a_relation_is_what_the_database_calls_it(row: dict[str, Any], relation: str) -> None:
    """A test lies nowhere."""
    assert one(**row).relation == relation


@pytest.mark.parametrize(
    ("row", "tested"),
    [
        ({"attached_node": "model.shop.b"}, "model.shop.b"),
        ({"test_metadata": {"kwargs": {"model": "{{ f(ref('b')) }}"}}}, "model.shop.b"),
        ({"test_metadata": {"kwargs": {"model": "{{ f(ref('gone')) }}"}}}, "model.shop.c"),
        ({}, "model.shop.c"),
        ({"depends_on": {"nodes": []}}, ""),
        ({"depends_on": None}, ""),
    ],
)
def test_what_a_test_is_attached_to(row: dict[str, Any], tested: str) -> None:
    """Said outright, by the macro's argument, or else the first that it reads."""
    parents = {"nodes": ["model.shop.c", "model.shop.b"]}
    assert one(**{"resource_type": "test", "depends_on": parents, **row}).tested == tested


def test_what_is_made_of_it_comes_nearest_first() -> None:
    """Two ways to a node count once; tests and what the manifest does not hold are left out."""
    children = {
        "model.shop.a": ["model.shop.b", "model.shop.d", "test.shop.t.1"],
        "model.shop.b": ["model.shop.d", "x"],
    }
    rows = {f"model.shop.{name}": table(name) for name in "abd"}
    tests = {"test.shop.t.1": {"name": "t", "resource_type": "test"}}
    found = manifest_from(manifest(nodes={**rows, **tests}, child_map=children))
    assert [node.name for node in found.downstream("model.shop.a")] == ["b", "d"]
    assert found.downstream("model.shop.gone") == ()


def test_a_huge_model_is_cut() -> None:
    """Its text is as long as its author likes."""
    assert len(one(raw_code="x" * 90_000).code) == 50_000
