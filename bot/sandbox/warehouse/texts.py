"""The text of a request as statements: split at semicolons, comments taken out, its kind told from its first words."""

import re

import sqlglot
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

from bot.sandbox.warehouse import errors

_TYPES = {
    "SELECT": "SELECT",
    "WITH": "SELECT",
    "(": "SELECT",
    "INSERT": "INSERT",
    "UPDATE": "UPDATE",
    "DELETE": "DELETE",
    "MERGE": "MERGE",
    "COPY": "COPY",
    "TRUNCATE": "TRUNCATE_TABLE",
    "SHOW": "SHOW",
    "DESC": "DESCRIBE",
    "DESCRIBE": "DESCRIBE",
    "USE": "USE",
    "GRANT": "GRANT",
    "REVOKE": "REVOKE",
    "CALL": "CALL",
    "PUT": "PUT_FILES",
    "BEGIN": "BEGIN_TRANSACTION",
    "COMMIT": "COMMIT",
    "ROLLBACK": "ROLLBACK",
}
_COMMENT = re.compile(r"--[^\n]*|//[^\n]*|/\*.*?\*/", re.DOTALL)
_AS_SELECT = re.compile(r"\bAS\s*\(*\s*(?:SELECT|WITH)\b")
_DDL = {"CREATE", "ALTER", "DROP"}
_SKIPPED = {"OR", "REPLACE", "TRANSIENT", "TEMPORARY", "TEMP", "SECURE", "LOCAL", "GLOBAL", "VOLATILE"}


def split(text: str) -> list[str]:
    """The statements of a text, without their semicolons and without empty ones; refused when it cannot be read."""
    found, start, empty = [], 0, True
    for token in [*tokens_of(text), None]:
        if token is None or token.token_type == TokenType.SEMICOLON:
            end = len(text) if token is None else token.start
            if not empty:
                found.append(text[start:end].strip())
            start, empty = end + 1, True
        else:
            empty = False
    return found


def plain(statement: str) -> str:
    """The statement with comments and runs of white space between its tokens made one blank."""
    out, end = [], None
    tokens = tokens_of(statement)
    if tokens and tokens[0].token_type == TokenType.COMMAND:  # CALL, EXPLAIN: the rest is one token without a place
        return " ".join([tokens[0].text, *(token.text.strip() for token in tokens[1:])])
    for token in tokens:
        if end is not None and token.start > end + 1:
            out.append(" ")
        out.append(statement[token.start : token.end + 1])
        end = token.end
    return "".join(out).strip()


def query_type(statement: str) -> str:
    """QUERY_TYPE as history has it, e.g. SELECT, COPY, CREATE_TABLE_AS_SELECT, ALTER_WAREHOUSE."""
    text = _COMMENT.sub(" ", statement).upper()
    words = text.split(None, 6)
    if not words:
        return "UNKNOWN"
    if words[0] in _DDL:
        kind = next((word for word in words[1:] if word not in _SKIPPED), "")
        if (words[0], kind) == ("CREATE", "TABLE") and _AS_SELECT.search(text):
            return "CREATE_TABLE_AS_SELECT"
        return f"{words[0]}_{'RESOURCE_MONITOR' if kind == 'RESOURCE' else kind.rstrip(';')}"
    return _TYPES.get(words[0].strip("(") or "(", "UNKNOWN")


def tokens_of(text: str) -> list[Token]:
    """The text's tokens; refused when it cannot be read."""
    try:
        return list(sqlglot.tokenize(text, read="snowflake"))
    except TokenError as problem:
        raise errors.syntax_error(str(problem)) from problem
