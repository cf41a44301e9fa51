"""Rows as the Arrow stream the connectors read."""

from base64 import b64encode
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from fakesnow.arrow import timestamp_to_sf_struct, to_ipc, to_sf_schema


def pack(table: Any, row_type: list[Any]) -> str:
    """A result as the wire's rowsetBase64; empty for no rows."""
    if table is None or table.num_rows == 0:
        return ""
    plain = pa.Table.from_arrays([_typed(column) for column in table.columns], names=table.column_names)
    schema = to_sf_schema(plain.schema, row_type)
    arrays = [_column(column, field) for column, field in zip(plain.columns, schema, strict=True)]
    return b64encode(to_ipc(pa.Table.from_arrays(arrays, schema=schema))).decode()


def _typed(column: Any) -> Any:
    return column.cast(pa.string()) if pa.types.is_null(column.type) else column


def _column(column: Any, field: Any) -> Any:
    if pa.types.is_timestamp(column.type):
        return _timestamps(column, field)
    if pa.types.is_time(column.type):
        return pc.multiply(column.cast(pa.int64()), 1000)  # nanoseconds
    return column.cast(field.type) if column.type != field.type else column


def _timestamps(column: Any, field: Any) -> Any:
    # fakesnow leaves NULL inside the struct's parts, which both drivers refuse; here the struct itself is NULL.
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    parts = timestamp_to_sf_struct(pc.fill_null(whole, 0))
    children = [parts.field(position) for position in range(parts.type.num_fields)]
    return pa.StructArray.from_arrays(children, fields=list(field.type), mask=pc.is_null(whole))
