"""Stage 3: the sides of a pattern's outermost `|`: each is a pattern of its own, and only one of them was found."""

import re
from functools import lru_cache

_PIECES = re.compile(r"\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|[()|]|[^\\\[()|]+", re.DOTALL)
_WHOLE = re.compile(r"\(\?[imsU-]+\)|\\Q")  # flags hold for what follows, and quoted bars are letters


@lru_cache(maxsize=16_384)
def split_branches(source: str) -> tuple[str, ...]:
    """The branches of a pattern that RE2 has accepted, in its order; itself alone when it has one or says too little.

    A text matches the pattern exactly when it matches one of them.
    """
    if "|" not in source or _WHOLE.search(source):
        return (source,)
    branches, depth = [""], 0
    for piece in _PIECES.findall(source):
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and depth == 0:
            branches.append("")
        else:
            branches[-1] += piece
    return tuple(branches)
