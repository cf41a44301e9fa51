"""CSV as COPY reads it: formats, NULLs, quotes, headers, and the line on which each record begins."""

import gzip

import pytest
import sqlglot

from bot.sandbox.warehouse.csv_files import CsvFormat, read_format, records
from bot.sandbox.warehouse.errors import Refusal


def format_of(text):
    """The format of a COPY's FILE_FORMAT = (…)."""
    tree = sqlglot.parse_one(f"COPY INTO t FROM @s FILE_FORMAT = ({text})", read="snowflake")
    (given,) = (p for p in tree.args["params"] if p.this.name.upper() == "FILE_FORMAT")
    return read_format({one.this.name.upper(): one.args.get("value") for one in given.expressions})


FORMATS = [
    ("TYPE = CSV", CsvFormat()),
    ("TYPE = 'csv' SKIP_HEADER = 1", CsvFormat(skip_header=1)),
    ("FIELD_DELIMITER = '|'", CsvFormat(field_delimiter="|")),
    ("FIELD_OPTIONALLY_ENCLOSED_BY = '\"'", CsvFormat(quote='"')),
    ("FIELD_OPTIONALLY_ENCLOSED_BY = NONE", CsvFormat()),
    ("ERROR_ON_COLUMN_COUNT_MISMATCH = FALSE", CsvFormat(error_on_column_count_mismatch=False)),
    ("EMPTY_FIELD_AS_NULL = FALSE", CsvFormat(empty_field_as_null=False)),
    ("COMPRESSION = GZIP", CsvFormat()),
    ("TYPE = PARQUET", None),
    ("FORMAT_NAME = 'mine'", None),
]


@pytest.mark.parametrize(("text", "form"), FORMATS)
def test_a_format_is_read(text, form):
    """Options that matter are taken, those with the default meaning are let pass, other files are not CSV."""
    assert format_of(text) == form


def test_an_unknown_option_is_refused():
    """The stand-in says what it does not know instead of loading something else."""
    with pytest.raises(Refusal, match="Unsupported feature 'file format option ESCAPE'"):
        format_of("TYPE = CSV ESCAPE = 'x'")


FILES = [
    ("a,b\nc,d\n", CsvFormat(), [(1, ["a", "b"]), (2, ["c", "d"])]),
    ("a,b\nc,d", CsvFormat(skip_header=1), [(2, ["c", "d"])]),
    ("a\r\nb\r\n", CsvFormat(), [(1, ["a"]), (2, ["b"])]),
    ("a,,\\N\n", CsvFormat(), [(1, ["a", None, None])]),
    ("a,,\\N\n", CsvFormat(empty_field_as_null=False, null_if=("x",)), [(1, ["a", "", "\\N"])]),
    ("x,NULL\n", CsvFormat(null_if=("NULL",)), [(1, ["x", None])]),
    ('"a,b",c\n', CsvFormat(), [(1, ['"a', 'b"', "c"])]),
    ('"a,b",c\n', CsvFormat(quote='"'), [(1, ["a,b", "c"])]),
    ('"a\nb",c\nd,e\n', CsvFormat(quote='"'), [(1, ["a\nb", "c"]), (3, ["d", "e"])]),
    ('"say ""hi"""\n', CsvFormat(quote='"'), [(1, ['say "hi"'])]),
    ("a;b|c\n", CsvFormat(field_delimiter="|"), [(1, ["a;b", "c"])]),
    ("\ufeffa,b\n", CsvFormat(), [(1, ["a", "b"])]),
    ("", CsvFormat(), []),
    ("only,a,header\n", CsvFormat(skip_header=1), []),
]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(("text", "form", "found"), FILES)
def test_records_are_read(tmp_path, text, form, found, zipped):
    """Fields and first lines, whether the file is zipped or not."""
    file = tmp_path / "f.csv"
    file.write_bytes(gzip.compress(text.encode()) if zipped else text.encode())
    assert list(records(file, form)) == found
