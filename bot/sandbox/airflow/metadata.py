"""The launcher's second step: a metadata database, migrated once for each lock and copied afterwards."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements" / "airflow.txt"
MIGRATION_TIMEOUT = 120.0


class MigrationFailedError(Exception):
    """`airflow db migrate` ended badly; the message holds the end of what it printed."""


def find_template(lock: Path = LOCK, environment: Path = Path(sys.prefix)) -> Path:
    """Where the migrated database of this lock is kept: inside the environment that was built from it."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    return environment / f"airflow-metadata-{digest}.db"


def provide_database(database: Path, template: Path, variables: Mapping[str, str]) -> None:
    """Put a fresh, migrated, empty metadata database at `database`; what was there is gone.

    Fresh at every start, because the source and the warehouse start anew too: today's run must come again.
    Raises MigrationFailedError.
    """
    if not template.exists():
        _make_template(template, variables)
    for leftover in database.parent.glob(f"{database.name}*"):
        leftover.unlink()
    shutil.copyfile(template, database)


def set_variables(database: Path, variables: Mapping[str, str]) -> None:
    """Give Airflow its variables before it starts: its own command would take seconds of the start for each."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executemany("INSERT INTO variable (key, val, is_encrypted) VALUES (?, ?, 0)", variables.items())


def _make_template(template: Path, variables: Mapping[str, str]) -> None:
    """Migrate beside the template and rename: two sandboxes starting at once do not read half a database."""
    with tempfile.TemporaryDirectory(dir=template.parent) as folder:
        draft = Path(folder) / "airflow.db"
        place = {"AIRFLOW_HOME": folder, "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{draft}"}
        _migrate({**variables, **place})
        draft.replace(template)


def _migrate(variables: Mapping[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "airflow", "db", "migrate"],
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=MIGRATION_TIMEOUT,
        check=False,
    )
    if done.returncode != 0:
        raise MigrationFailedError(f"airflow db migrate exited {done.returncode}: {done.stdout[-1500:]}")
