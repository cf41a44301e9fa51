"""Beside stage 5: the second lock on what probes run; the first is fixed SQL with bound parameters, the third the role.

sqlglot cannot prove that a statement only reads: a view may call a function that writes, and PostgreSQL calls
`f(t)` for `t.f`. So this is an allow-list in front of a read-only role, never instead of it.
"""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from bot.errors import IntegrationError

Dialect = Literal["postgres", "snowflake"]

# sqlglot takes most SHOWs for an opaque Command, so each one is matched whole: nothing may follow it.
_NAME = r'(?:"[A-Za-z_][A-Za-z0-9_$]*"|[A-Za-z_][A-Za-z0-9_$]*)'
_SHOWN = re.compile(
    rf"(?:SHOW\ RESOURCE\ MONITORS|SHOW\ WAREHOUSES(?:\ LIKE\ '[A-Za-z0-9_$%]+')?"
    rf"|SHOW\ (?:FUTURE\ )?GRANTS\ TO\ ROLE\ {_NAME}"
    rf"|SHOW\ FUTURE\ GRANTS\ IN\ (?:SCHEMA|DATABASE)\ {_NAME}(?:\.{_NAME})?"
    rf"|SHOW\ GRANTS\ ON\ (?:SCHEMA|TABLE|VIEW)\ {_NAME}(?:\.{_NAME}){{1,2}}"
    rf"|SHOW\ PARAMETERS\ LIKE\ '[A-Z0-9_%]+'\ (?:IN\ ACCOUNT|IN\ WAREHOUSE\ {_NAME}|FOR\ USER\ {_NAME})"
    rf"|DESC(?:RIBE)?\ USER\ {_NAME}"
    rf"|DESC(?:RIBE)?\ TABLE\ {_NAME}(?:\.{_NAME}){{0,2}}) ;?",
    re.IGNORECASE | re.VERBOSE,
)
# The first line of "" holds operators and syntax that sqlglot models as functions.
_READS = {
    "": """
        AND OR XOR CASE IF CAST TRY_CAST COALESCE NULLIF EXISTS ANY ARRAY ARRAY_AGG
        COUNT SUM MIN MAX AVG ROUND ABS GREATEST LEAST LEFT RIGHT LENGTH LOWER UPPER TRIM EXTRACT ROW_NUMBER
        DATE_ADD DATEADD DATE_DIFF DATEDIFF DATE DATE_TRUNC TIMESTAMP_TRUNC TIMESTAMP_ADD TIMESTAMP_DIFF
        TO_DATE TS_OR_DS_TO_DATE TO_TIMESTAMP CURRENT_TIMESTAMP CURRENT_DATE CURRENT_USER
    """,
    "postgres": """
        PG_BACKEND_PID PG_BLOCKING_PIDS PG_IS_IN_RECOVERY CLOCK_TIMESTAMP NOW MAKE_INTERVAL CURRENT_SETTING
        CURRENT_DATABASE VERSION FORMAT_TYPE PG_GET_CONSTRAINTDEF HAS_TABLE_PRIVILEGE UNNEST STRING_AGG
    """,
    "snowflake": """
        CURRENT_ROLE CURRENT_WAREHOUSE CURRENT_DATABASE CURRENT_SCHEMA
        QUERY_HISTORY QUERY_HISTORY_BY_WAREHOUSE WAREHOUSE_METERING_HISTORY LOGIN_HISTORY
    """,
}
_ALLOWED = {dialect: frozenset(f"{_READS['']} {names}".split()) for dialect, names in _READS.items()}
_QUALIFIERS = frozenset({"PG_CATALOG", "INFORMATION_SCHEMA", "SNOWFLAKE.INFORMATION_SCHEMA"})
# OPERATOR(schema.+) and TABLESAMPLE method(1) call functions of anybody's making.
_CALLS = (exp.Operator, exp.TableSample)
_CHANGES = (exp.DML, exp.DDL, exp.Command, exp.Into, exp.Lock, exp.Copy, exp.Set, exp.Use, exp.Kill)
_QUOTED_NAME, _PARENTHESIS = sqlglot.TokenType.IDENTIFIER, sqlglot.TokenType.L_PAREN
_SEQUENCE = frozenset({"NEXTVAL", "CURRVAL"})


def require_reading(statement: str, dialect: Dialect) -> None:
    """Raise IntegrationError unless the guard takes the statement for one that only reads."""
    if reason := refusal(statement, dialect):
        raise IntegrationError(dialect, f"the SQL guard refused a statement: {reason}")


@lru_cache(maxsize=512)
def refusal(statement: str, dialect: Dialect) -> str | None:
    """Why the statement may not be run by a probe, or None. Checked once a statement: a probe's SQL is fixed text."""
    text = statement.strip()
    if dialect == "snowflake" and _SHOWN.fullmatch(re.sub(r"\s+", " ", text)):
        return None
    if re.match(r"(?:SHOW|DESC|DESCRIBE|EXPLAIN|CALL|EXECUTE)\b", text, re.IGNORECASE):
        return "it is not one of the SHOW and DESC statements that are allowed"
    try:
        trees, tokens = sqlglot.parse(text, read=dialect), sqlglot.tokenize(text, read=dialect)
    except SqlglotError:
        return "it cannot be parsed"
    if len(trees) != 1 or trees[0] is None:
        return "it is not exactly one statement"
    # "Max"(x) is somebody's own function of that name, but MAX(x) in the tree.
    if any(one.token_type is _QUOTED_NAME and other.token_type is _PARENTHESIS for one, other in pairwise(tokens)):
        return "it calls a function by a quoted name"
    return _refusal_of_tree(trees[0], dialect)


def _refusal_of_tree(tree: exp.Expr, dialect: Dialect) -> str | None:
    if not isinstance(tree, exp.Query):
        return f"it is a {tree.key.upper()}, not a SELECT"
    for node in tree.walk():
        if isinstance(node, _CHANGES + _CALLS) and not isinstance(node, exp.Query):
            return f"it holds {node.key.upper()}"
        if isinstance(node, exp.Func) and (reason := _refusal_of_function(node, dialect)):
            return reason
        if isinstance(node, exp.Table) and not isinstance(node.this, exp.Identifier | exp.Func | exp.Dot):
            return "it reads from something that is not a named table"
        if isinstance(node, exp.Identifier) and _is_forbidden_name(node):
            return f"it names {node.name.upper()}"
    return None


def _refusal_of_function(function: exp.Func, dialect: Dialect) -> str | None:
    known = not isinstance(function, exp.Anonymous | exp.AnonymousAggFunc)
    name = (function.sql_name() if known else str(function.this)).upper()
    if name not in _ALLOWED[dialect]:
        return f"the function {name} is not on the list"
    parent = function.parent
    if isinstance(parent, exp.Dot) and parent.expression is function:
        qualifier = parent.this.sql(dialect).replace('"', "").upper()
        if qualifier not in _QUALIFIERS:
            return f"the function {qualifier}.{name} is not on the list"
    return None


def _is_forbidden_name(identifier: exp.Identifier) -> bool:
    return identifier.name.upper() in _SEQUENCE or identifier.name.startswith("@")
