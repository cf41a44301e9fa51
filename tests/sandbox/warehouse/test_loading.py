"""COPY INTO from staged files: PUT by both drivers, bad files, what is remembered."""
# ruff: noqa: S608 - the statements are the test data

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.sandbox

TABLE = "ECOMMERCE_RAW.STRIPE.RAW_PAYMENTS"
STAGE = "ECOMMERCE_RAW.POSTGRES.LANDING"
FORMAT = "FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1 FIELD_OPTIONALLY_ENCLOSED_BY = '\"')"
HEADER = "CHARGE_ID,AMOUNT,CURRENCY,STATUS,CREATED_AT,UPDATED_AT,_LOADED_AT\n"
GOOD = 'ch_new,12.50,eur,"paid, at last",2026-01-02T03:04:05+00:00,2026-01-02 03:04:05.5,\n'
BAD_NUMBER = "ch_bad,lots,eur,paid,2026-01-02,2026-01-02,\n"


def stage(client: Any, folder: Path, name: str, text: str, options: str = "AUTO_COMPRESS=FALSE") -> str:
    """PUT a file; its address for COPY."""
    (folder / name).write_text(text)
    client.ask(f"CREATE STAGE IF NOT EXISTS {STAGE}")
    (uploaded,) = client.ask(f"PUT 'file://{folder / name}' @{STAGE} {options} OVERWRITE=TRUE").records()
    assert uploaded["status"] == "UPLOADED"
    return f"@{STAGE}/{name}"


def copy(client: Any, source: str, options: str = "") -> list[dict[str, Any]]:
    """COPY INTO the payments table."""
    found: list[dict[str, Any]] = client.ask(f"COPY INTO {TABLE} FROM {source} {FORMAT} {options}").records()
    return found


@pytest.mark.parametrize("options", ["AUTO_COMPRESS=FALSE", "AUTO_COMPRESS=TRUE"])
def test_put_and_copy(any_connect: Callable[..., Any], tmp_path: Path, options: str) -> None:
    """A file put by either driver, zipped or not, becomes rows with their types; NULL for an empty field."""
    client = any_connect("SVC_LOADER")
    (loaded,) = copy(client, stage(client, tmp_path, "good.csv", HEADER + GOOD, options))
    assert (loaded["status"], loaded["rows_loaded"], loaded["errors_seen"]) == ("LOADED", 1, 0)
    (row,) = client.ask(f"SELECT * FROM {TABLE} WHERE CHARGE_ID = 'ch_new'").rows
    assert [str(value) for value in row[:4]] == ["ch_new", "12.50", "eur", "paid, at last"]
    assert str(row[4]) == "2026-01-02 03:04:05"
    assert row[6] is None


def test_a_column_too_few(any_connect: Callable[..., Any], tmp_path: Path, refused: Any) -> None:
    """Runbook 2: a file with another number of columns is refused with 100080, which says where."""
    client = any_connect("SVC_LOADER")
    with pytest.raises(refused) as caught:
        copy(client, stage(client, tmp_path, "short.csv", "a,b,c\n1,2,3\n"))
    assert (caught.value.errno, caught.value.sqlstate) == (100080, "22000")
    assert "Number of columns in file (3) does not match that of the corresponding table (7)" in caught.value.message
    assert "File 'landing/short.csv', line 2, character 1" in caught.value.message
    assert 'column "RAW_PAYMENTS"["CURRENCY":3]' in caught.value.message


def test_mismatch_ignored(server: Any, tmp_path: Path) -> None:
    """With ERROR_ON_COLUMN_COUNT_MISMATCH = FALSE missing columns are NULL."""
    client = server.connect("SVC_LOADER")
    source = stage(client, tmp_path, "short.csv", "a,b\nch_short,2\n")
    client.ask(
        f"COPY INTO {TABLE} FROM {source} "
        "FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1 ERROR_ON_COLUMN_COUNT_MISMATCH = FALSE)"
    )
    assert client.ask(f"SELECT AMOUNT, STATUS FROM {TABLE} WHERE CHARGE_ID = 'ch_short'").rows[0][1] is None


def test_a_field_that_is_no_number(server: Any, tmp_path: Path, refused: Any) -> None:
    """A field its column cannot take ends the load, and nothing of it stays."""
    client = server.connect("SVC_LOADER")
    with pytest.raises(refused, match="Numeric value 'lots' is not recognized") as caught:
        copy(client, stage(client, tmp_path, "bad.csv", HEADER + GOOD + BAD_NUMBER))
    assert caught.value.errno == 100038
    assert client.ask(f"SELECT COUNT(*) FROM {TABLE} WHERE CHARGE_ID = 'ch_new'").one() == 0


@pytest.mark.parametrize(
    ("on_error", "status", "rows"), [("CONTINUE", "PARTIALLY_LOADED", 1), ("SKIP_FILE", "LOAD_FAILED", 0)]
)
def test_on_error(server: Any, tmp_path: Path, on_error: str, status: str, rows: int) -> None:
    """ON_ERROR decides between the good records of a file and none."""
    client = server.connect("SVC_LOADER")
    source = stage(client, tmp_path, "mixed.csv", HEADER + GOOD + BAD_NUMBER)
    (loaded,) = copy(client, source, f"ON_ERROR = {on_error}")
    assert (loaded["status"], loaded["rows_parsed"], loaded["rows_loaded"]) == (status, 2, rows)
    assert (loaded["first_error_line"], loaded["errors_seen"]) == (3, 1)


def test_loaded_once(server: Any, tmp_path: Path) -> None:
    """The same file is not loaded twice unless FORCE says so, and a rolled-back load is not remembered."""
    client = server.connect("SVC_LOADER")
    source = stage(client, tmp_path, "once.csv", HEADER + GOOD)
    client.ask("BEGIN")
    copy(client, source)
    client.ask("ROLLBACK")
    assert copy(client, source)[0]["rows_loaded"] == 1
    assert copy(client, source) == [{"status": "Copy executed with 0 files processed."}]
    assert copy(client, source, "FORCE = TRUE")[0]["rows_loaded"] == 1


def test_files_must_be_there(server: Any, tmp_path: Path, refused: Any) -> None:
    """FILES names files of the stage; one that is missing is refused by name, as is a missing stage."""
    client = server.connect("SVC_LOADER")
    stage(client, tmp_path, "there.csv", HEADER + GOOD)
    with pytest.raises(refused, match=r"Remote file 'landing/gone.csv' was not found"):
        copy(client, f"@{STAGE}", "FILES = ('gone.csv')")
    with pytest.raises(refused, match=r"Stage 'ECOMMERCE_RAW\.POSTGRES\.NOWHERE' does not exist"):
        copy(client, "@ECOMMERCE_RAW.POSTGRES.NOWHERE")


def test_staging_needs_the_stage(server: Any, tmp_path: Path, refused: Any) -> None:
    """A role without privileges on a stage cannot put files there."""
    stage(server.connect("SVC_LOADER"), tmp_path, "there.csv", HEADER + GOOD)
    with pytest.raises(refused, match="does not exist or not authorized"):
        server.connect("ANALYST_KIM").ask(f"PUT 'file://{tmp_path / 'there.csv'}' @{STAGE}")
