"""Object names as Snowflake resolves them: upper case unless quoted, completed from the session."""

import re
from dataclasses import dataclass

from sqlglot import exp

from bot.sandbox.warehouse import errors

ACCOUNT = "SANDBOX"  # the account itself, as grants name it
_PART = re.compile(r'"((?:[^"]|"")+)"|([A-Za-z_][\w$]*)')


@dataclass(frozen=True, slots=True)
class Name:
    """A fully qualified table, view or stage."""

    database: str
    schema: str
    object: str

    def __str__(self) -> str:
        return f"{self.database}.{self.schema}.{self.object}"

    @property
    def full_schema(self) -> str:
        """Database and schema."""
        return f"{self.database}.{self.schema}"


def stored(identifier: exp.Expr | None) -> str:
    """The name an identifier stands for; empty when there is none."""
    if identifier is None:
        return ""
    quoted = isinstance(identifier, exp.Identifier) and identifier.args.get("quoted")
    return identifier.name if quoted else identifier.name.upper()


def resolve(table: exp.Table, database: str | None, schema: str | None, verb: str) -> Name:
    """The full name of a table in a statement; refused when the session has no database or schema to complete it."""
    catalog = stored(table.args.get("catalog")) or database
    if not catalog:
        raise errors.no_database(verb)
    db = stored(table.args.get("db")) or schema
    if not db:
        raise errors.no_schema(verb)
    return Name(catalog, db, stored(table.this))


def parts(text: str) -> list[str]:
    """The parts of a dotted name written in a statement, each as stored."""
    return [quoted.replace('""', '"') if quoted else plain.upper() for quoted, plain in _PART.findall(text)]


def qualify(text: str, depth: int, database: str | None, schema: str | None) -> str:
    """A dotted name with `depth` parts, completed from the session."""
    given = parts(text)
    if len(given) > depth or not given:
        raise errors.syntax_error(f"invalid identifier '{text}'")
    if depth == 3 and len(given) < 2:
        if not schema:
            raise errors.no_schema("this statement")
        given = [schema, *given]
    if depth >= 2 and len(given) < depth:
        if not database:
            raise errors.no_database("this statement")
        given = [database, *given]
    return ".".join(given)
