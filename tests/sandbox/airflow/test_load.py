"""The day's files into the raw tables."""

from __future__ import annotations

import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.sandbox.airflow.load import arrange_file, load_tables

NOW = datetime.datetime(2026, 11, 23, 3, tzinfo=datetime.UTC)
TABLE = "ECOMMERCE_RAW.POSTGRES.RAW_ORDERS"


class Warehouse:
    """A session that has one table, notes every statement, and refuses the one that starts with `refuses`."""

    def __init__(self, columns: list[str], refuses: str = "nothing") -> None:
        self.description = [SimpleNamespace(name=name) for name in columns]
        self.refuses = refuses
        self.told: list[str] = []

    def cursor(self) -> Warehouse:
        return self

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def execute(self, statement: str) -> None:
        self.told.append(statement.split(maxsplit=1)[0])
        if statement.startswith(self.refuses):
            raise RuntimeError("100080 (22000): Number of columns in file does not match")


def write_orders(folder: Path, *lines: str) -> Path:
    """The extract's file for orders."""
    file = folder / "orders.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


def load(session: Any, file: Path) -> dict[str, int]:
    """Load one file for NOW's day."""
    return load_tables(session, {TABLE: file}, NOW.date(), NOW)


def test_columns_are_matched_by_name(tmp_path: Path) -> None:
    """The file's order does not matter, and every row says when it was loaded."""
    source = write_orders(tmp_path, "status,order_id", "paid,7")
    assert arrange_file(source, tmp_path / "out.csv", ["ORDER_ID", "STATUS", "_LOADED_AT"], NOW) == 1
    assert (tmp_path / "out.csv").read_text().splitlines() == [
        "ORDER_ID,STATUS,_LOADED_AT",
        "7,paid,2026-11-23T03:00:00+00:00",
    ]


def test_a_column_the_table_lacks_is_sent_last(tmp_path: Path) -> None:
    """COPY then refuses the file, instead of the column being lost without a word."""
    source = write_orders(tmp_path, "order_id,channel,status", "7,app,paid")
    arrange_file(source, tmp_path / "out.csv", ["ORDER_ID", "STATUS", "_LOADED_AT"], NOW)
    assert (tmp_path / "out.csv").read_text().splitlines()[1] == "7,paid,2026-11-23T03:00:00+00:00,app"


def test_a_column_the_file_lacks_is_left_empty(tmp_path: Path) -> None:
    """A column dropped at the source becomes NULL, which is fine."""
    source = write_orders(tmp_path, "order_id", "7")
    arrange_file(source, tmp_path / "out.csv", ["ORDER_ID", "STATUS"], NOW)
    assert (tmp_path / "out.csv").read_text().splitlines()[1] == "7,"


def test_a_day_is_replaced_in_one_transaction(tmp_path: Path) -> None:
    """The day's rows go and come between BEGIN and COMMIT."""
    session = Warehouse(["ORDER_ID", "_LOADED_AT"])
    assert load(session, write_orders(tmp_path, "order_id", "7", "8")) == {TABLE: 2}
    assert session.told == ["CREATE", "SELECT", "PUT", "BEGIN", "DELETE", "COPY", "COMMIT"]


def test_a_refused_file_leaves_the_table_as_it_was(tmp_path: Path) -> None:
    """The warehouse's error comes through, and the day's earlier rows come back."""
    session = Warehouse(["ORDER_ID", "_LOADED_AT"], refuses="COPY")
    with pytest.raises(RuntimeError, match="Number of columns"):
        load(session, write_orders(tmp_path, "order_id", "7"))
    assert session.told[-2:] == ["COPY", "ROLLBACK"]


def test_an_empty_day_copies_nothing(tmp_path: Path) -> None:
    """A file with a header alone holds no rows to guess types from."""
    session = Warehouse(["ORDER_ID", "_LOADED_AT"])
    assert load(session, write_orders(tmp_path, "order_id")) == {TABLE: 0}
    assert "COPY" not in session.told
