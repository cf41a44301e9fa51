"""dbt.node: what is this test or model, what is it made of, and what is made of it?"""

from dataclasses import dataclass
from typing import Any

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.dbt.client import ArtifactsClient
from bot.integrations.dbt.deduplication import window_of
from bot.integrations.dbt.manifest import Manifest, Node

LISTED = 20


@dataclass(frozen=True, slots=True)
class NodeArguments:
    """`names`: nodes as alerts and results name them, the first that is known decides; "" counts for nothing."""

    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """A test or model; everything is empty when none of the names is known.

    Of a test the `test_*` fields, `column`, `values` (accepted_values), `parent_*` (relationships) tell of its rule,
    and `model`, `relation` and everything below of the model that it tests. `sources` are the raw tables that the
    model reads directly, `reads` all that it reads, `views` those of them that are views. `window` is the function
    that numbers its rows, `window_call` the call as it stands in the SQL. `downstream` are the models made of it at
    any depth, nearest first.
    """

    name: str = ""
    unique_id: str = ""
    kind: str = ""
    path: str = ""
    test_kind: str = ""
    column: str = ""
    values: tuple[str, ...] = ()
    parent_relation: str = ""
    parent_column: str = ""
    model: str = ""
    relation: str = ""
    materialized: str = ""
    owner: str = ""
    window: str = ""
    window_call: str = ""
    depends_on: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    downstream: tuple[str, ...] = ()
    downstream_relations: tuple[str, ...] = ()
    exposures: tuple[str, ...] = ()


def read_node(client: ArtifactsClient, arguments: NodeArguments, scope: Scope) -> NodeFacts:
    """From the newest manifest; NotFound when there is none."""
    return node_from(client.manifest(scope), arguments.names)


def node_from(manifest: Manifest, names: tuple[str, ...]) -> NodeFacts:
    """Facts from the manifest's index."""
    found = (manifest.find(name, ("test", "unit_test", "model", "seed", "snapshot")) for name in names if name)
    node = next((each for each in found if each), None)
    if node is None:
        return NodeFacts()
    model = manifest.nodes.get(node.tested, Node("", "", "")) if node.kind == "test" else node
    parent = manifest.refer(str(node.arguments.get("to") or ""))
    window, call = window_of(model.code)
    parents = [manifest.nodes[key] for key in model.parents if key in manifest.nodes]
    downstream = manifest.downstream(model.unique_id)
    built = [each for each in downstream if each.kind != "exposure"][:LISTED]
    return NodeFacts(
        name=node.name,
        unique_id=node.unique_id,
        kind=node.kind,
        path=node.path,
        test_kind=node.test_kind,
        column=node.column,
        values=_values(node.arguments.get("values")),
        parent_relation=parent.relation if parent else "",
        parent_column=str(node.arguments.get("field") or ""),
        model=model.name,
        relation=model.relation,
        materialized=model.materialized,
        owner=model.owner,
        window=window,
        window_call=call,
        depends_on=tuple(each.name for each in parents)[:LISTED],
        reads=tuple(each.relation for each in parents if each.relation)[:LISTED],
        sources=tuple(each.relation for each in parents if each.kind == "source")[:LISTED],
        views=tuple(each.relation for each in parents if each.materialized == "view")[:LISTED],
        downstream=tuple(each.name for each in built),
        downstream_relations=tuple(each.relation for each in built),
        exposures=tuple(each.name for each in downstream if each.kind == "exposure")[:LISTED],
    )


def _values(given: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in given)[:100] if isinstance(given, list | tuple) else ()


NODE: Probe[ArtifactsClient, NodeArguments, NodeFacts] = Probe(
    name="dbt.node",
    summary="What a dbt test checks or a model is made of, where it lies in the warehouse, and what is made of it.",
    arguments=NodeArguments,
    facts=NodeFacts,
    read=read_node,
    typical=NodeFacts(
        name="unique_stg_customers_customer_id",
        unique_id="test.ecommerce.unique_stg_customers_customer_id.c7614daada",
        kind="test",
        path="models/schema.yml",
        test_kind="unique",
        column="customer_id",
        model="stg_customers",
        relation="ECOMMERCE_ANALYTICS.STAGING.stg_customers",
        materialized="view",
        owner="data-platform",
        window="rank",
        window_call="rank() over (partition by customer_id order by updated_at desc)",
        depends_on=("raw_customers",),
        reads=("ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS",),
        sources=("ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS",),
        downstream=("dim_customers",),
        downstream_relations=("ECOMMERCE_ANALYTICS.MARTS.dim_customers",),
    ),
    empty=NodeFacts(),
    deadline_s=10.0,
)
