"""describeOnly: the columns a statement would give, nothing carried out. 5.x asks before an array binding."""

from typing import Any

from fakesnow.statement_type import INSERT, statement_type_id
from sqlglot import exp

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.results import Column, Result, data_of

_COUNTS: dict[type[exp.Expr], tuple[str, ...]] = {
    exp.Insert: ("number of rows inserted",),
    exp.Update: ("number of rows updated", "number of multi-joined rows updated"),
    exp.Delete: ("number of rows deleted",),
    exp.Create: ("status",),
    exp.Drop: ("status",),
    exp.Alter: ("status",),
}


def query_to_describe(sql: str, tree: exp.Query) -> str:
    """A query that has the columns of the given one and no rows; placeholders, which have no values yet, are NULL."""
    text = sql.replace("?", "NULL") if tree.find(exp.Placeholder) else sql
    return f"SELECT * FROM ({text}) AS DESCRIBED LIMIT 0"  # noqa: S608 - the client's own statement, no more rights


def described(tree: exp.Expr) -> dict[str, Any]:
    """The wire's `data` for a statement that is not a query."""
    if type(tree) not in _COUNTS:
        raise errors.unsupported(f"DESCRIBE of {tree.key.upper()}")
    kind = statement_type_id(tree)
    columns = tuple(Column(name, "fixed" if name != "status" else "text") for name in _COUNTS[type(tree)])
    return data_of(Result(columns, (), kind)) | binds(tree, kind)


def binds(tree: exp.Expr, kind: int) -> dict[str, Any]:
    """How many values the statement takes, and whether many rows of them at once."""
    return {"numberOfBinds": len(list(tree.find_all(exp.Placeholder))), "arrayBindSupported": kind == INSERT}
