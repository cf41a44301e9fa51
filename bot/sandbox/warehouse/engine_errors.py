"""DuckDB's and sqlglot's words, said as Snowflake says them where the meaning is known."""

import re

from snowflake.connector.errors import Error as ConnectorError

from bot.sandbox.warehouse.errors import Refusal

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_PREFIX = re.compile(r"^\d{6} \(\w{5}\): ")
_UNKNOWN_COLUMN = re.compile(r'Referenced column "([^"]+)" (?:was )?not found|column named "([^"]+)"', re.IGNORECASE)
_UNKNOWN_FUNCTION = re.compile(r"Scalar Function with name (\w+) does not exist", re.IGNORECASE)
_EXISTS = re.compile(r'(?:Table|View|Schema) with name "([^"]+)" already exists')


def clean(message: str) -> str:
    """A message without terminal colours."""
    return _ANSI.sub("", message)


def translate(problem: ConnectorError, statement: str) -> Refusal:
    """fakesnow's error as a refusal; texts it does not know keep their own words under fakesnow's code."""
    raw = clean(str(problem.msg or problem))
    message = _PREFIX.sub("", raw)
    if found := _UNKNOWN_COLUMN.search(message):
        column = next(group for group in found.groups() if group).upper()
        line, position = _place(statement, column)
        return Refusal(
            "000904",
            "42000",
            f"SQL compilation error: error line {line} at position {position}\ninvalid identifier '{column}'",
        )
    if found := _UNKNOWN_FUNCTION.search(message):
        return Refusal("002140", "42601", f"SQL compilation error:\nUnknown function {found[1].upper()}")
    if found := _EXISTS.search(message):
        return Refusal("002002", "42710", f"SQL compilation error:\nObject '{found[1]}' already exists.")
    code = problem.errno if problem.errno and problem.errno > 0 else 1003
    return Refusal(f"{code:06d}", problem.sqlstate or "42000", message)


def _place(statement: str, word: str) -> tuple[int, int]:
    """Line (from 1) and position (from 0) of the first mention."""
    index = max(0, statement.upper().find(word))
    before = statement[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1)
