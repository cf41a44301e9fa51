"""Names of result columns that a query does not name: their own text in upper case, as Snowflake has it."""

import sqlglot
from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

_OPEN = {TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE}
_CLOSE = {TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE}
_ENDS = {
    TokenType.FROM,
    TokenType.WHERE,
    TokenType.GROUP_BY,
    TokenType.ORDER_BY,
    TokenType.HAVING,
    TokenType.QUALIFY,
    TokenType.LIMIT,
    TokenType.UNION,
    TokenType.INTERSECT,
    TokenType.EXCEPT,
    TokenType.SEMICOLON,
}


def name_columns(text: str, tree: exp.Expr) -> bool:
    """Give unnamed result columns the name Snowflake gives them: their own text, in upper case."""
    select = tree
    while isinstance(select, exp.SetOperation):
        select = select.this
    if not isinstance(select, exp.Select):
        return False
    sources = projections(text)
    changed = False
    for position, node in enumerate(list(select.expressions)):
        if isinstance(node, exp.Alias | exp.Star | exp.Aliases | exp.Column):
            continue
        matched = len(sources) == len(select.expressions)
        name = sources[position] if matched else node.sql(dialect="snowflake").upper()
        node.replace(exp.alias_(node.copy(), name, quoted=True))
        changed = True
    return changed


def projections(text: str) -> list[str]:
    """The texts of the outermost SELECT's columns, white space evened out, in upper case."""
    found: list[str] = []
    depth, first, last, inside = 0, None, None, False
    for token in sqlglot.tokenize(text, read="snowflake"):
        depth += (token.token_type in _OPEN) - (token.token_type in _CLOSE)
        if depth < 0:
            break
        if not inside:
            inside = depth == 0 and token.token_type == TokenType.SELECT
            continue
        at_top = depth == 0 or (depth == 1 and token.token_type in _OPEN)
        if at_top and token.token_type in _ENDS:
            break
        if at_top and token.token_type == TokenType.COMMA:
            found.append(_between(text, first, last))
            first = None
        elif not (first is None and token.token_type in (TokenType.DISTINCT, TokenType.ALL)):
            first, last = first or token, token
    return [*found, _between(text, first, last)] if first else found


def _between(text: str, first: Token | None, last: Token | None) -> str:
    if first is None or last is None:
        return ""
    return " ".join(text[first.start : last.end + 1].upper().split())
