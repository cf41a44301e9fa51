"""The metadata database: migrated once for each lock, fresh at every start."""

from __future__ import annotations

from pathlib import Path

from bot.sandbox.airflow.metadata import find_template, provide_database


def test_another_lock_has_another_template(tmp_path: Path) -> None:
    """A new version of Airflow never meets the old one's tables."""
    lock = tmp_path / "airflow.txt"
    lock.write_text("apache-airflow==3.3.2")
    before = find_template(lock, tmp_path)
    lock.write_text("apache-airflow==3.3.3")
    assert before.parent == tmp_path
    assert find_template(lock, tmp_path) != before


def test_a_start_begins_with_an_empty_database(tmp_path: Path) -> None:
    """The template replaces what an earlier run left, journal included; nothing is migrated again."""
    template, database = tmp_path / "template.db", tmp_path / "airflow.db"
    template.write_text("migrated")
    database.write_text("yesterday")
    (tmp_path / "airflow.db-wal").write_text("yesterday's journal")
    provide_database(database, template, {})
    assert database.read_text() == "migrated"
    assert not (tmp_path / "airflow.db-wal").exists()
