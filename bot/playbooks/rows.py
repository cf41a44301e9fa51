"""Stage 6: rows of a finding, as tables and charts take them: a list, each row's fields as names."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from bot.playbooks.escaping import clean
from bot.playbooks.templates import TextError, evaluate


def rows_of(expression: str, values: Mapping[str, Any]) -> Sequence[Any]:
    """The rows that the expression gives; TextError when it gives no list."""
    rows = evaluate(expression, values)
    if not isinstance(rows, list | tuple):
        raise TextError(f"`{clean(expression, 80)}` is not a list of rows")
    return rows


def row_context(values: Mapping[str, Any]) -> dict[str, Any]:
    """What an expression on a row may name besides the row's own fields."""
    return {name: values[name] for name in ("platform", "now") if name in values}


def row_values(row: Any) -> dict[str, Any]:
    """The fields of one row by name; {} for a row that has none."""
    if is_dataclass(row) and not isinstance(row, type):
        return {field.name: getattr(row, field.name) for field in fields(row)}
    return dict(row) if isinstance(row, Mapping) else {}
