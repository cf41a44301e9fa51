"""How a model's SQL keeps one row of several, as far as its text tells."""

import re2

# RE2: a model's text is as long as its author likes, and these take no longer than it.
_COMMENTS = re2.compile(r"(?s)--[^\n]*|/\*.*?\*/|\{#.*?#\}")
# partition by lower(email), order by coalesce(updated_at, created_at): calls within the call, one level deep.
_WINDOW = re2.compile(r"(?i)\b(row_number|rank|dense_rank)\s*\(\s*\)\s*over\s*\([^()]*(?:\([^()]*\)[^()]*)*\)")
LONGEST = 500
_DISTINCT = re2.compile(r"(?i)\bselect\s+distinct\b")


def window_of(code: str) -> tuple[str, str]:
    """The function that numbers the rows (in lower case; or "distinct", or "") and the whole call on one line."""
    bare = _COMMENTS.sub(" ", code)
    if found := _WINDOW.search(bare):
        return found[1].lower(), " ".join(found[0].split())[:LONGEST]
    return ("distinct", "select distinct") if _DISTINCT.search(bare) else ("", "")
