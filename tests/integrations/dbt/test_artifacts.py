"""dbt's files, as they are and as they should not be."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import IntegrationError
from bot.integrations.dbt import INTEGRATION, connect_change, connect_read
from bot.integrations.dbt.client import ArtifactsClient
from bot.integrations.dbt.deduplication import window_of
from bot.integrations.dbt.manifest import manifest_from
from bot.integrations.dbt.places import Folder
from bot.integrations.dbt.probes.node import node_from
from bot.integrations.dbt.probes.run_results import RunResultsArguments, run_results_from
from bot.integrations.dbt.runs import run_from
from tests.integrations.dbt.builders import manifest, run, table

RECORDED = Path(__file__).parent / "recorded"


def test_a_relationships_test_of_an_older_version_finds_both_tables() -> None:
    """Before version 10 nothing but the macro's arguments says which of the two is tested."""
    kwargs = {"column_name": "customer_id", "to": "ref('customers')", "field": "id", "model": "{{ f(ref('orders')) }}"}
    test = {
        "name": "relationships_orders",
        "resource_type": "test",
        "test_metadata": {"name": "relationships", "kwargs": kwargs},
        "depends_on": {"nodes": ["model.shop.customers", "model.shop.orders"]},
    }
    nodes = {"test.shop.r.1": test, "model.shop.orders": table("orders"), "model.shop.customers": table("customers")}
    facts = node_from(manifest_from(manifest(7, nodes=nodes)), ("relationships_orders",))
    assert (facts.model, facts.relation, facts.column) == ("orders", "AN.S.orders", "customer_id")
    assert (facts.parent_relation, facts.parent_column) == ("AN.S.customers", "id")


def test_a_source_named_by_an_identifier_is_that_table_and_an_exposure_is_downstream() -> None:
    """What the project calls it, and what the database calls it, differ; a dashboard is somebody who is hurt."""
    source = {
        "resource_type": "source",
        "name": "orders",
        "identifier": "RAW_ORDERS",
        "database": "RAW",
        "schema": "PG",
    }
    owned = {"config": {"materialized": "view", "meta": {"owner": "finance"}}}
    parts = {
        "nodes": {"model.shop.stg": table("stg", "source.shop.pg.orders", **owned)},
        "sources": {"source.shop.pg.orders": source},
        "exposures": {"exposure.shop.board": {"name": "board", "resource_type": "exposure"}},
        "child_map": {"model.shop.stg": ["exposure.shop.board", "test.shop.gone.1"]},
    }
    facts = node_from(manifest_from(manifest(**parts)), ("stg",))
    assert (facts.sources, facts.exposures, facts.owner) == (("RAW.PG.RAW_ORDERS",), ("board",), "finance")
    assert facts.downstream == ()


def test_models_that_depend_on_each_other_in_a_ring_end() -> None:
    """A manifest is a stranger's file: its child map may be anything."""
    nodes = {f"model.shop.{name}": table(name) for name in "ab"}
    ring = {"model.shop.a": ["model.shop.b"], "model.shop.b": ["model.shop.a"]}
    facts = node_from(manifest_from(manifest(nodes=nodes, child_map=ring)), ("a",))
    assert facts.downstream == ("b", "a")


@pytest.mark.parametrize(
    ("code", "window"),
    [
        ("select ROW_NUMBER ( ) OVER (partition by id\n order by at desc) from t", "row_number"),
        ("-- rank() over (x)\nselect dense_rank() over (order by id)", "dense_rank"),
        ("{# row_number() over (a) #} select distinct id from t", "distinct"),
        ("/* rank() over (a) */ select id from t group by id", ""),
        ("/*" * 20_000, ""),
    ],
)
def test_the_window_function_is_read_and_comments_are_not(code: str, window: str) -> None:
    """The SQL that runs decides, not the SQL that is talked about."""
    assert window_of(code)[0] == window


@pytest.mark.parametrize("version", [3, 7])
def test_a_version_that_is_not_known_is_refused_with_its_number(version: int) -> None:
    """Half understood, it would say wrong things."""
    with pytest.raises(IntegrationError, match=f"has version {version}; the bot reads 4 to 6"):
        run_from(run(version=version))
    with pytest.raises(IntegrationError, match="the bot reads 7 to 12"):
        manifest_from(manifest(13))


def test_a_secret_in_a_message_is_not_told() -> None:
    """dbt quotes what the database quotes."""
    result = {"unique_id": "model.shop.a", "status": "error", "message": "failed: password=hunter2hunter2"}
    facts = run_results_from([run_from(run(result))], RunResultsArguments())
    assert facts.message == "failed: password=•••"


def test_a_later_success_says_that_it_is_over() -> None:
    """The failure is still told: the alert is about it."""
    bad = {"unique_id": "model.shop.a", "status": "error", "message": "no"}
    good = {"unique_id": "model.shop.a", "status": "success"}
    runs = [run_from(run(good, at="2026-11-23T06:00:00Z")), run_from(run(bad))]
    facts = run_results_from(runs, RunResultsArguments(("a",)))
    assert (facts.status, facts.passed_since) == ("error", True)
    assert facts.last_success_at == datetime(2026, 11, 23, 6, tzinfo=UTC)


def test_runs_are_told_apart_and_a_manifest_is_parsed_once(tmp_path: Path, scope: Scope) -> None:
    """Newest first by what dbt wrote into them; an unchanged manifest is the same object."""
    for number, name in enumerate(("run_refused", "run_passed")):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "run_results.json").write_bytes((RECORDED / f"{name}.json").read_bytes())
    (tmp_path / "0" / "manifest.json").write_bytes((RECORDED / "manifest.json").read_bytes())
    client = connect_read({"DBT_ARTIFACTS": str(tmp_path)})
    assert client is not None
    assert [len([r for r in one.results if r.is_bad]) for one in client.runs(scope)] == [1, 0]
    assert client.manifest(scope) is client.manifest(scope)
    client.close()


@pytest.mark.parametrize("content", ["{", "[]", '{"metadata": 1}'])
def test_a_file_that_is_none_of_dbt_s_is_told(tmp_path: Path, scope: Scope, content: str) -> None:
    """Half written, or something else of that name."""
    (tmp_path / "run_results.json").write_text(content)
    with pytest.raises(IntegrationError, match=r"run_results\.json is n"):
        ArtifactsClient(Folder(tmp_path)).runs(scope)


def test_without_settings_dbt_is_absent_and_nothing_is_ever_changed() -> None:
    """The bot reads files and runs no dbt."""
    assert connect_read({}) is None
    assert connect_change({"DBT_ARTIFACTS": "/x"}) is None
    assert INTEGRATION.remedies == ()
    assert json.loads((RECORDED / "manifest.json").read_text())["metadata"]["dbt_version"] == "1.11.16"
