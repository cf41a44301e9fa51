"""Reads dbt's artifacts and makes them into runs, nodes and sources; a manifest is parsed once until it changes."""

import json
from collections.abc import Sequence
from threading import Lock
from typing import Any

from bot.diagnostics.probe import Scope
from bot.errors import IntegrationError
from bot.integrations.dbt.manifest import Manifest, manifest_from
from bot.integrations.dbt.places import SYSTEM, Place
from bot.integrations.dbt.runs import Run, run_from
from bot.integrations.dbt.versions import require_shape
from bot.integrations.deadline import Deadline

RUNS_KEPT = 20
RUN_CAP = 32_000_000
MANIFEST_CAP = 64_000_000
"""Bytes. A manifest is some 100 kB plus 15 kB a model; parsing the largest takes about a second."""


class ArtifactsClient:
    """The artifacts of one dbt project. Thread-safe; reads at first use."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._lock = Lock()
        self._manifest: tuple[str, Manifest] | None = None

    def runs(self, scope: Scope) -> Sequence[Run]:
        """The latest runs of dbt whose results lie there, newest first; at least one, else NotFound."""
        deadline = Deadline(SYSTEM, scope.deadline_s)
        files = self._place.read_several("run_results.json", RUN_CAP, RUNS_KEPT, deadline)
        documents = [_document(file.body, "run_results.json") for file in files]
        with require_shape("run_results.json"):
            runs = [run_from(document) for document in documents]
        return sorted(runs, key=lambda run: run.generated_at, reverse=True)

    def manifest(self, scope: Scope) -> Manifest:
        """The newest manifest."""
        deadline = Deadline(SYSTEM, scope.deadline_s)
        with self._lock:
            kept = self._manifest
        file = self._place.read("manifest.json", MANIFEST_CAP, deadline, kept[0] if kept else "")
        if file is None and kept is not None:
            return kept[1]
        if file is None:
            raise IntegrationError(SYSTEM, "manifest.json was not sent, though it was never read before")
        document = _document(file.body, "manifest.json")
        with require_shape("manifest.json"):
            manifest = manifest_from(document)
        with self._lock:
            self._manifest = (file.stamp, manifest) if file.stamp else None
        return manifest

    def sources(self, scope: Scope) -> Any:
        """The newest sources.json, as it is: what `dbt source freshness` found."""
        file = self._place.read("sources.json", RUN_CAP, Deadline(SYSTEM, scope.deadline_s))
        return {} if file is None else _document(file.body, "sources.json")

    def close(self) -> None:
        """Let go of the place."""
        self._place.close()


def _document(body: bytes, name: str) -> Any:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise IntegrationError(SYSTEM, f"{name} is no JSON: is it still being written?") from error
    if not isinstance(found, dict) or not isinstance(found.get("metadata"), dict):
        raise IntegrationError(SYSTEM, f"{name} is not one of dbt's artifacts: it has no metadata")
    return found
