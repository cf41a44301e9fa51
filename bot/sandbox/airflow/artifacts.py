"""The files that dbt leaves, kept for the bot: a folder for each run of dbt."""

from __future__ import annotations

import datetime
import re
import shutil
from pathlib import Path

from bot.sandbox.airflow.transform import DbtRun

FILES = ("run_results.json", "manifest.json", "sources.json")
RUNS_KEPT = 20


def artifacts_folder(folder: Path) -> Path:
    """Where the files of each run are kept, below the part's folder: what DBT_ARTIFACTS names to the bot."""
    return folder / "dbt" / "artifacts"


def keep_artifacts(run: DbtRun, folder: Path) -> Path | None:
    """Copy what this run wrote (also a failed one) to a folder of its own; None when it wrote nothing.

    The folder appears whole: a reader never sees half a file. Older ones beyond RUNS_KEPT are removed.
    """
    written = [run.target / name for name in FILES]
    written = [path for path in written if path.exists() and path.stat().st_mtime >= run.began]
    if not written:
        return None
    place = artifacts_folder(folder)
    when = datetime.datetime.fromtimestamp(run.began, datetime.UTC)
    kept = place / f"{when:%Y%m%dT%H%M%S%f}-{re.sub(r'[^a-z]+', '-', run.command.lower())[:40]}"
    draft = place.with_name(f"artifacts.{kept.name}")
    draft.mkdir(parents=True)
    for path in written:
        shutil.copy2(path, draft)
    place.mkdir(exist_ok=True)
    draft.rename(kept)
    for old in sorted(place.iterdir(), reverse=True)[RUNS_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    return kept
