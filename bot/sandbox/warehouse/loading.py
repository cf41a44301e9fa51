"""COPY INTO a table from staged CSV files: counted, checked, inserted, and remembered so that none loads twice."""

import hashlib
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import exp

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.csv_files import records
from bot.sandbox.warehouse.jobs import Job
from bot.sandbox.warehouse.loads import Load
from bot.sandbox.warehouse.results import Column, Result, status
from bot.sandbox.warehouse.sessions import Session
from bot.sandbox.warehouse.stages import files_in

_COPY = 0x3600
# Names as documented for COPY INTO <table>.
_COLUMNS = (
    Column("file"),
    Column("status"),
    Column("rows_parsed", "fixed"),
    Column("rows_loaded", "fixed"),
    Column("error_limit", "fixed"),
    Column("errors_seen", "fixed"),
    Column("first_error"),
    Column("first_error_line", "fixed"),
    Column("first_error_character", "fixed"),
    Column("first_error_column_name"),
)
_NUMERIC = ("BIGINT", "INTEGER", "DOUBLE", "HUGEINT", "DECIMAL")


def copy_into(load: Load, session: Session, job: Job) -> Result:
    """Carry out a COPY in the session's transaction. A bad record ends it, or its file, as ON_ERROR says."""
    if load.on_error not in ("ABORT_STATEMENT", "CONTINUE", "SKIP_FILE"):
        raise errors.unsupported(f"ON_ERROR = {load.on_error}")
    rows = []
    duck = session.lane.duck
    with session.lane.lock, job.interruptible(duck.interrupt):
        memory = f'"{load.table.database}"._fs_information_schema.copied_files'
        duck.execute(f"CREATE TABLE IF NOT EXISTS {memory} (target VARCHAR, name VARCHAR, md5 VARCHAR)")
        for name, file in files_in(load.place, load.files, load.pattern):
            digest = hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()
            key = [str(load.table), f"{load.place.folder}/{name}", digest]
            seen = duck.execute(
                f"SELECT 1 FROM {memory} WHERE target=? AND name=? AND md5=?",  # noqa: S608 - quoted above
                key,
            ).fetchall()
            if seen and not load.force:
                continue
            rows.append(_load_file(load, name, file, duck))
            duck.execute(f"INSERT INTO {memory} VALUES (?, ?, ?)", key)  # noqa: S608 - quoted above
            if load.purge:
                file.unlink()
    return Result(_COLUMNS, tuple(rows), _COPY) if rows else status("Copy executed with 0 files processed.", _COPY)


def _load_file(load: Load, name: str, file: Path, duck: Any) -> tuple[object, ...]:
    good, problems, parsed = _check_counts(load, name, file)
    table = _arrow(good, load)
    duck.register("_copy_rows", table)
    try:
        bad = _find_unconvertible(load, name, duck, good)
        problems = sorted([*problems, *bad], key=lambda p: p[0])
        if problems and load.on_error == "ABORT_STATEMENT":
            raise problems[0][1]
        loaded = 0 if problems and load.on_error == "SKIP_FILE" else _insert(load, duck, [p[0] for p in bad])
    finally:
        duck.unregister("_copy_rows")
    state = "LOADED" if not problems else ("PARTIALLY_LOADED" if loaded else "LOAD_FAILED")
    limit = parsed if load.on_error == "CONTINUE" else 1
    first = problems[0] if problems else None
    message = first[1].message.split("\n")[0] if first else None
    where = (first[0], 1) if first else (None, None)
    return (load.place.label + name, state, parsed, loaded, limit, len(problems), message, *where, first and first[2])


Problem = tuple[int, errors.Refusal, str]  # line, what to say, column


def _check_counts(load: Load, name: str, file: Path) -> tuple[list[tuple[int, list[str | None]]], list[Problem], int]:
    width, good, problems, parsed = len(load.columns), [], [], 0
    for line, fields in records(file, load.form):
        parsed += 1
        if len(fields) != width and load.form.error_on_column_count_mismatch:
            column = load.columns[min(len(fields), width) - 1][0]
            where = _where(load, name, line, parsed, column, min(len(fields), width))
            problems.append((line, errors.column_count(len(fields), width, where), _label(load, column, width)))
        else:
            good.append((line, [*fields[:width], *[None] * (width - len(fields))]))
    return good, problems, parsed


def _label(load: Load, column: str, position: int) -> str:
    return f'"{load.table.object}"["{column}":{position}]'


def _where(load: Load, name: str, line: int, record: int, column: str, position: int) -> str:
    first = f"  File '{load.place.label}{name}', line {line}, character 1"
    return f"{first}\n  Row {record} starts at line {line - 1}, column {_label(load, column, position)}"


def _arrow(good: list[tuple[int, list[str | None]]], load: Load) -> Any:
    columns = [pa.array([line for line, _ in good], type=pa.int64())]
    columns += [pa.array([fields[i] for _, fields in good], type=pa.string()) for i in range(len(load.columns))]
    return pa.Table.from_arrays(columns, names=["line", *(f"c{i}" for i in range(len(load.columns)))])


def _find_unconvertible(load: Load, name: str, duck: Any, good: list[Any]) -> list[Problem]:
    """Records with a field its column's type cannot take; the first such field of each."""
    found: dict[int, Problem] = {}
    order = {line: number for number, (line, _) in enumerate(good, 1)}
    for position, (column, kind) in enumerate(load.columns):
        if kind == "VARCHAR":
            continue
        field = exp.column(f"c{position}")
        unfit = exp.TryCast(this=field, to=exp.DataType.build(kind, dialect="duckdb")).is_(exp.null())
        query = exp.select("line", field).from_("_copy_rows").where(field.is_(exp.null()).not_(), unfit)
        for line, value in duck.execute(query.sql("duckdb")).fetchall():
            where = _where(load, name, line, order[line], column, position + 1)
            what = "Numeric value" if kind.startswith(_NUMERIC) else kind.split(" ")[0].capitalize()
            code = ("100038", "22018") if what == "Numeric value" else ("100035", "22007")
            refusal = errors.Refusal(*code, f"{what} '{value}' is not recognized\n{where}")
            found.setdefault(line, (line, refusal, _label(load, column, position + 1)))
    return list(found.values())


def _insert(load: Load, duck: Any, without: list[int]) -> int:
    target = exp.table_(load.table.object, db=load.table.schema, catalog=load.table.database, quoted=True).sql("duckdb")
    names = ", ".join(exp.to_identifier(name, quoted=True).sql("duckdb") for name, _ in load.columns)
    values = ", ".join(f"CAST(c{i} AS {kind})" for i, (_, kind) in enumerate(load.columns))
    try:
        ((count,),) = duck.execute(
            f"INSERT INTO {target} ({names}) SELECT {values} FROM _copy_rows "  # noqa: S608 - quoted names
            "WHERE NOT list_contains(?, line) ORDER BY line",
            [without],
        ).fetchall()
    except duckdb.ConstraintException as problem:
        raise errors.Refusal("100072", "22000", f"NULL result in a non-nullable column: {problem}") from problem
    return int(count)
