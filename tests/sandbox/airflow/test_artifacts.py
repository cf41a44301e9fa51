"""What dbt leaves is kept run by run."""

from __future__ import annotations

import os
from pathlib import Path

from bot.sandbox.airflow.artifacts import RUNS_KEPT, artifacts_folder, keep_artifacts
from bot.sandbox.airflow.transform import DbtRun


def ran(folder: Path, began: float, command: str = "test", **files: float) -> DbtRun:
    """A run of dbt that began then; `files` are its artifacts, by the second in which they were written."""
    target = folder / "target"
    target.mkdir(exist_ok=True)
    for name, written in files.items():
        path = target / f"{name}.json"
        path.write_text(name)
        os.utime(path, (written, written))
    return DbtRun(command, 1, (), target, began)


def test_a_run_leaves_a_folder_of_its_own(tmp_path: Path) -> None:
    """Both runs can be read later, each by its own results; nothing unfinished lies beside them."""
    first = keep_artifacts(ran(tmp_path, 1000.0, "run", run_results=1001, manifest=1001), tmp_path)
    second = keep_artifacts(ran(tmp_path, 2000.0, run_results=2001, manifest=2001), tmp_path)
    assert first is not None
    assert second is not None
    assert sorted(artifacts_folder(tmp_path).iterdir()) == [first, second]
    assert {path.name for path in second.iterdir()} == {"run_results.json", "manifest.json"}
    assert list((tmp_path / "dbt").iterdir()) == [artifacts_folder(tmp_path)]


def test_what_an_earlier_run_left_is_not_taken_for_this_ones(tmp_path: Path) -> None:
    """dbt that cannot parse the project writes no results; the old ones lie there still."""
    kept = keep_artifacts(ran(tmp_path, 2000.0, run_results=1001, manifest=2001), tmp_path)
    assert kept is not None
    assert [path.name for path in kept.iterdir()] == ["manifest.json"]
    assert keep_artifacts(ran(tmp_path, 3000.0), tmp_path) is None


def test_old_runs_are_tidied_away(tmp_path: Path) -> None:
    """The folder does not grow for ever, and the newest stay."""
    for number in range(RUNS_KEPT + 3):
        keep_artifacts(ran(tmp_path, 1000.0 * number, run_results=1000.0 * number + 1), tmp_path)
    kept = sorted(path.name for path in artifacts_folder(tmp_path).iterdir())
    assert len(kept) == RUNS_KEPT
    assert kept[0].startswith("19700101T005000")
