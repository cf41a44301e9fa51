"""CSV files as COPY reads them: options of the file format, records with the line each began on."""

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlglot import exp

from bot.sandbox.warehouse import errors


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """FILE_FORMAT = (TYPE = CSV …); names as in Snowflake."""

    field_delimiter: str = ","
    skip_header: int = 0
    quote: str | None = None
    null_if: tuple[str, ...] = ("\\N",)
    empty_field_as_null: bool = True
    error_on_column_count_mismatch: bool = True


def read_format(options: dict[str, exp.Expr | list[exp.Expr]]) -> CsvFormat | None:
    """The format a COPY gives; None when it is not CSV, or a named one (the engine reads those)."""
    values: dict[str, Any] = {}
    for name, given in options.items():
        value = given if isinstance(given, list) else _value(given)
        if name == "TYPE":
            if str(value).upper() != "CSV":
                return None
        elif name == "FORMAT_NAME":
            return None
        elif name == "FIELD_OPTIONALLY_ENCLOSED_BY":
            values["quote"] = None if str(value).upper() == "NONE" else str(value)
        elif name in ("COMPRESSION", "ENCODING", "RECORD_DELIMITER", "TRIM_SPACE", "DATE_FORMAT", "TIMESTAMP_FORMAT"):
            continue  # taken, with Snowflake's default meaning
        elif name.lower() in CsvFormat.__dataclass_fields__:
            values[name.lower()] = value
        else:
            raise errors.unsupported(f"file format option {name}")
    return CsvFormat(**values)


def _value(node: exp.Expr) -> Any:
    if isinstance(node, exp.Tuple):
        return tuple(str(item.name) for item in node.expressions)
    if isinstance(node, exp.Boolean):
        return bool(node.this)
    if isinstance(node, exp.Literal) and not node.is_string:
        return int(node.name)
    text = node.name
    return {"TRUE": True, "FALSE": False}.get(text.upper(), text)


def records(file: Path, form: CsvFormat) -> Iterator[tuple[int, list[str | None]]]:
    """(line it begins on, fields) of each record; a field that means NULL is None. Gzip is recognised by its bytes."""
    raw = file.read_bytes()
    text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=form.field_delimiter,
        quotechar=form.quote,
        quoting=csv.QUOTE_MINIMAL if form.quote else csv.QUOTE_NONE,
    )
    line = 1
    for position, fields in enumerate(reader):
        begun, line = line, reader.line_num + 1
        if position >= form.skip_header and fields:
            yield begun, [_field(field, form) for field in fields]


def _field(field: str, form: CsvFormat) -> str | None:
    if field in form.null_if or (not field and form.empty_field_as_null):
        return None
    return field
