"""dbt's files, made by hand."""

from typing import Any

SCHEMA = "https://schemas.getdbt.com/dbt/{}/v{}.json"


def manifest(version: int = 12, **parts: Any) -> dict[str, Any]:
    """A manifest with these parts."""
    return {"metadata": {"dbt_schema_version": SCHEMA.format("manifest", version)}, **parts}


def run(*results: dict[str, Any], version: int = 6, at: str = "2026-11-23T05:00:00Z") -> dict[str, Any]:
    """The results of one run."""
    return {
        "metadata": {"dbt_schema_version": SCHEMA.format("run-results", version), "generated_at": at},
        "args": {"which": "build"},
        "results": list(results),
    }


def table(name: str, *parents: str, **more: Any) -> dict[str, Any]:
    """A model of the project `shop`."""
    place = {"database": "AN", "schema": "S", "name": name, "resource_type": "model", "raw_code": "select 1"}
    return {**place, "depends_on": {"nodes": list(parents)}, **more}


def result(unique_id: str = "model.shop.a", status: str = "error", **more: Any) -> dict[str, Any]:
    """What became of one node."""
    return {"unique_id": unique_id, "status": status, "message": "no", **more}
