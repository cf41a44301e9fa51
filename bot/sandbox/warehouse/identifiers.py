"""IDENTIFIER(…) in a statement: the name it stands for is written in its place, so that it is seen by every check."""

import re
from typing import Any

from sqlglot.tokenizer_core import Token, TokenType

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.texts import tokens_of

_NAME = re.compile(r'(?:"[^"]+"|[A-Za-z_][\w$]*)(?:\.(?:"[^"]+"|[A-Za-z_][\w$]*)){0,2}')
Bindings = dict[str, Any] | None


def inline_identifiers(text: str, bindings: Bindings) -> tuple[str, Bindings]:
    """The statement without IDENTIFIER('literal') and IDENTIFIER(?), and the bindings that are left.

    Refused when the value is no object name.
    """
    if "IDENTIFIER" not in text.upper():
        return text, bindings
    tokens = tokens_of(text)
    out, end, asked = [], 0, 0
    left: list[Any] = []
    skip = 0
    for index, token in enumerate(tokens):
        inner = _inside(tokens, index)
        if inner is not None:
            value = inner.text
            if inner.token_type == TokenType.PLACEHOLDER:
                asked += 1
                value = str((bindings or {}).get(str(asked), {}).get("value", ""))
                skip = inner.start
            if not _NAME.fullmatch(value):
                raise errors.syntax_error(f"invalid identifier '{value}'")
            out += [text[end : token.start], value]
            end = tokens[index + 3].end + 1
        elif token.token_type == TokenType.PLACEHOLDER and token.start != skip:
            asked += 1
            left.append((bindings or {}).get(str(asked)))
    kept = {str(n): b for n, b in enumerate(left, 1)} if bindings else bindings
    return "".join([*out, text[end:]]), kept


def _inside(tokens: list[Token], index: int) -> Token | None:
    """The literal or placeholder of an IDENTIFIER(…) that begins at this token."""
    if tokens[index].text.upper() != "IDENTIFIER" or index + 3 >= len(tokens):
        return None
    opening, inner, closing = tokens[index + 1 : index + 4]
    if opening.token_type != TokenType.L_PAREN or closing.token_type != TokenType.R_PAREN:
        return None
    return inner if inner.token_type in (TokenType.STRING, TokenType.PLACEHOLDER) else None
