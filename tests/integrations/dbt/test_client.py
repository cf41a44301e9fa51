"""From files to runs, nodes and sources: what is kept, what is read again, and files that only look like dbt's."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import IntegrationError, NotFound
from bot.integrations.dbt.client import ArtifactsClient
from bot.integrations.dbt.places import File
from bot.integrations.dbt.probes.sources import SourcesArguments, read_sources
from bot.integrations.deadline import Deadline
from tests.integrations.dbt.builders import manifest, result, run, table


@dataclass
class Shelf:
    """A place with one document under each name, and its stamp."""

    document: Any
    stamp: str = ""
    reads: int = 0
    known: list[str] = field(default_factory=list)
    closed: bool = False

    def read(self, name: str, _cap: int, _deadline: Deadline, known: str = "") -> File | None:
        if self.document is None:
            raise NotFound("dbt", f"there is no {name}")
        self.reads += 1
        self.known.append(known)
        return None if known and known == self.stamp else File(json.dumps(self.document).encode(), self.stamp)

    def read_several(self, name: str, cap: int, count: int, deadline: Deadline) -> Sequence[File]:
        documents, self.document = self.document, {}
        return [File(json.dumps(each).encode()) for each in documents[:count]]

    def close(self) -> None:
        self.closed = True


MODEL = manifest(nodes={"model.shop.a": table("a")})


def test_a_manifest_is_parsed_again_only_when_it_changed(scope: Scope) -> None:
    """Its stamp says so; parsing a large one takes a second."""
    shelf = Shelf(MODEL, "v1")
    client = ArtifactsClient(shelf)
    first = client.manifest(scope)
    assert client.manifest(scope) is first
    shelf.document, shelf.stamp = manifest(), "v2"
    assert client.manifest(scope).nodes == {}
    assert shelf.known == ["", "v1", "v1"]


def test_a_place_without_stamps_is_read_every_time(scope: Scope) -> None:
    """Nobody can tell that nothing changed."""
    shelf = Shelf(MODEL)
    client = ArtifactsClient(shelf)
    assert client.manifest(scope) is not client.manifest(scope)
    assert shelf.known == ["", ""]


def test_a_server_that_says_unchanged_of_what_was_never_read_is_told(scope: Scope) -> None:
    """A cache in between."""

    class Cache(Shelf):
        def read(self, *_: Any) -> File | None:
            return None

    with pytest.raises(IntegrationError, match=r"manifest\.json was not sent, though it was never read before"):
        ArtifactsClient(Cache(MODEL)).manifest(scope)
    assert ArtifactsClient(Cache(MODEL)).sources(scope) == {}


def test_runs_come_newest_first_by_what_dbt_wrote_into_them(scope: Scope) -> None:
    """A file's time changes when it is copied; one without a time is the oldest."""
    runs = [run(at="2026-11-21T05:00:00Z"), run(at=""), run(at="2026-11-23T05:00:00+02:00")]
    found = ArtifactsClient(Shelf(runs)).runs(scope)
    assert [one.generated_at.isoformat() for one in found] == [
        "2026-11-23T03:00:00+00:00",
        "2026-11-21T05:00:00+00:00",
        "1970-01-01T00:00:00+00:00",
    ]


@pytest.mark.parametrize(
    "broken",
    [
        run({"status": "error"}),  # no unique id
        run(result(failures="many")),
        run(result(execution_time="long")),
        run(result(timing=[{"completed_at": "yesterday"}])),
        run(at="0001-01-01T00:00:00+14:00"),
        run("model.shop.a"),  # type: ignore[arg-type]
        {**run(), "results": 7},
        {**run(), "args": "build"},
    ],
)
def test_results_that_dbt_never_wrote_are_told_as_such(broken: Any, scope: Scope) -> None:
    """Edited by hand, or cut together by a script: an error that names the file, not a crash."""
    with pytest.raises(IntegrationError, match=r"^dbt: run_results\.json is not as dbt writes it \(\w+\)$"):
        ArtifactsClient(Shelf([broken])).runs(scope)


@pytest.mark.parametrize("parts", [{"nodes": []}, {"nodes": {"a": 7}}, {"child_map": {"a": 7}}, {"sources": "x"}])
def test_a_manifest_that_dbt_never_wrote_is_told_as_such(parts: dict[str, Any], scope: Scope) -> None:
    """An empty list is nothing at all, and passes."""
    if parts == {"nodes": []}:
        assert ArtifactsClient(Shelf(manifest(**parts))).manifest(scope).nodes == {}
        return
    with pytest.raises(IntegrationError, match=r"manifest\.json is not as dbt writes it"):
        ArtifactsClient(Shelf(manifest(**parts))).manifest(scope)


@pytest.mark.parametrize(
    "row",
    [{}, {"unique_id": "a", "max_loaded_at": "now"}, {"unique_id": "a", "criteria": {"error_after": {"count": 1}}}],
)
def test_sources_that_dbt_never_wrote_are_told_as_such(row: dict[str, Any], scope: Scope) -> None:
    """By the probe that reads them; those that are not there are not found."""
    client = ArtifactsClient(Shelf({"metadata": {}, "results": [row]}))
    with pytest.raises(IntegrationError, match=r"sources\.json is not as dbt writes it"):
        read_sources(client, SourcesArguments(), scope)
    with pytest.raises(NotFound):
        read_sources(ArtifactsClient(Shelf(None)), SourcesArguments(), scope)


def test_closing_lets_go_of_the_place() -> None:
    """Its connections."""
    shelf = Shelf(MODEL)
    ArtifactsClient(shelf).close()
    assert shelf.closed
