"""What a COPY INTO a table asks for, read from its syntax tree."""

from dataclasses import dataclass

from sqlglot import exp

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.account import Account
from bot.sandbox.warehouse.csv_files import CsvFormat, read_format
from bot.sandbox.warehouse.names import Name, resolve, stored
from bot.sandbox.warehouse.sessions import Session
from bot.sandbox.warehouse.stages import Place, find_place


@dataclass(frozen=True, slots=True)
class Load:
    """One COPY: where to, from where, how."""

    table: Name
    columns: tuple[tuple[str, str], ...]  # name, DuckDB type, in the file's order
    place: Place
    form: CsvFormat
    files: tuple[str, ...]
    pattern: str | None
    on_error: str
    force: bool
    purge: bool


def parse_load(tree: exp.Copy, session: Session, account: Account) -> Load | None:
    """The COPY, or None when it is one the engine has to do: not CSV, a named format, a query over the stage."""
    source = tree.args["files"][0]
    if not isinstance(source, exp.Table) or not isinstance(source.this, exp.Var | exp.Literal):
        return None
    given = {p.this.name.upper(): p for p in tree.args.get("params") or []}
    file_format = given.pop("FILE_FORMAT", None)
    named = file_format.expressions if file_format else []
    form = read_format({o.this.name.upper(): o.args.get("value") for o in named})
    if form is None:
        return None
    options = {name: p.expression for name, p in given.items()}
    target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    table = resolve(target, session.lane.database, session.lane.schema, "COPY")
    chosen = [stored(c) for c in tree.this.expressions] if isinstance(tree.this, exp.Schema) else []
    return Load(
        table=table,
        columns=_columns(table, chosen, account),
        place=find_place(str(source.this.this), session, account, "READ"),
        form=form,
        files=_names(options.pop("FILES", None)),
        pattern=_text(options.pop("PATTERN", None)),
        on_error=(_text(options.pop("ON_ERROR", None)) or "ABORT_STATEMENT").upper(),
        force=_flag(options.pop("FORCE", None)),
        purge=_flag(options.pop("PURGE", None)),
    )


def _columns(table: Name, chosen: list[str], account: Account) -> tuple[tuple[str, str], ...]:
    rows = account.engine.query(
        "SELECT column_name, data_type FROM duckdb_columns() "
        "WHERE database_name=? AND schema_name=? AND table_name=? ORDER BY column_index",
        [table.database, table.schema, table.object],
    )
    kinds = dict(rows)
    for name in chosen:
        if name not in kinds:
            raise errors.Refusal("000904", "42000", f"SQL compilation error:\ninvalid identifier '{name}'")
    return tuple((name, kinds[name]) for name in chosen or kinds)


def _names(node: exp.Expr | None) -> tuple[str, ...]:
    return tuple(literal.name for literal in node.find_all(exp.Literal)) if node is not None else ()


def _text(node: exp.Expr | None) -> str | None:
    return None if node is None else str(node.name)


def _flag(node: exp.Expr | None) -> bool:
    return node is not None and (node.this is True or node.name.upper() == "TRUE")
