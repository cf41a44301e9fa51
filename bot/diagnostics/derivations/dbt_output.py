"""What dbt prints about a failure, read from its text: in an alert, a task's log, or an artifact's message.

RE2 throughout: these texts are as long as a stranger likes.
"""

from dataclasses import dataclass

import re2

_FAILURE = re2.compile(
    r"(?i)\b(?:failure|warning|(?:database|runtime|compilation) error) in "
    r"(model|seed|snapshot|test|unit_test|operation) ([\w$.\-]+)(?:\s+\(([^()\s]+)\))?"
)
_RESULTS = re2.compile(r"(?i)\bgot (\d{1,12}) results?, configured to (?:fail|warn)")
_ERROR = re2.compile(r"\b(\d{6}) \(([0-9A-Z]{5})\):\s*")
_PLAIN_ERROR = re2.compile(r"(?i)\b(?:database|runtime|compilation) error in \w+ [\w$.\-]+(?:\s+\([^()\s]+\))?\s+")
_END = re2.compile(r"(?i)\s*(?:compiled code at\b|\n\s*\n|\bdone\. pass=|> in macro\b)")
_COMPILED = re2.compile(r"(?i)\bcompiled code at (\S+)")
_POSITION = re2.compile(r"(?i)\berror line (\d{1,6}) at position (\d{1,6})")
_COLUMN = re2.compile(r"(?i)\binvalid identifier '([^']+)'")
_OBJECTS = tuple(
    re2.compile(pattern)
    for pattern in (
        r"(?i)\bprivileges to operate on (account|database|schema|table|view|warehouse|stage|sequence) '([^']+)'",
        r"(?i)\b(database|schema|object|table|view) '([^']+)' (?:does not exist|already exists)",
        r"(?i)\bpermission denied (?:for|to) (schema|table|relation|database|view) \"?([\w$.]+)",
    )
)
LONGEST = 300
_MEANINGS = {
    "000904": "a column that is not there",
    "001003": "a syntax error",
    "002003": "a table or schema that is not there, or that the role may not see",
    "002043": "something that is not there, or that the role may not see",
    "003001": "a missing privilege",
    "003041": "a table that belongs to another role",
    "000604": "a query that was cancelled",
    "000606": "no warehouse to run on",
    "000630": "a statement that took too long",
    "090073": "a warehouse that may not resume",
    "090105": "no current database",
    "100035": "a value that is no date or time",
    "100038": "a value that is no number",
    "100051": "a division by zero",
    "100069": "text that is no JSON",
    "100078": "text that is too long for its column",
    "100132": "a key that merges with several rows",
}


@dataclass(frozen=True, slots=True)
class ToldFailure:
    """`Failure in test NAME (path)`; `path` may be ""."""

    kind: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class DatabaseError:
    """What the database said, on one line and without a full stop.

    `code` and `sqlstate` are as Snowflake writes them, "" elsewhere. `line` and `position` are those of the statement
    that dbt sent (0 when they are not told). `object_kind` and `object` name what is missing or forbidden ("column"
    for an invalid identifier).
    """

    sentence: str = ""
    code: str = ""
    sqlstate: str = ""
    meaning: str = ""
    line: int = 0
    position: int = 0
    object_kind: str = ""
    object: str = ""
    compiled_path: str = ""


NO_ERROR = DatabaseError()


def told_failures(text: str) -> tuple[ToldFailure, ...]:
    """Every node that the text says failed, in its order, each once."""
    found: dict[tuple[str, str], ToldFailure] = {}
    for one in _FAILURE.finditer(text):
        failure = ToldFailure(one[1].lower(), one[2].rstrip("."), one[3] or "")
        found.setdefault((failure.kind, failure.name), failure)
    return tuple(found.values())


def told_results(text: str) -> int | None:
    """`Got 12 results, configured to fail`: 12; None when the text does not say it."""
    found = _RESULTS.search(text)
    return int(found[1]) if found else None


def told_error(text: str) -> DatabaseError:
    """The first error of a database in the text."""
    coded = _ERROR.search(text)
    begun = coded or _PLAIN_ERROR.search(text)
    if begun is None:
        return NO_ERROR
    rest = text[begun.end() :][: 10 * LONGEST]
    ended = _END.search(rest)
    sentence = " ".join((rest[: ended.start()] if ended else rest).split())[:LONGEST].rstrip(".")
    position, compiled = _POSITION.search(sentence), _COMPILED.search(text[begun.end() :])
    kind, name = _object(sentence)
    return DatabaseError(
        sentence=sentence,
        code=coded[1] if coded else "",
        sqlstate=coded[2] if coded else "",
        meaning=_MEANINGS.get(coded[1], "") if coded else "",
        line=int(position[1]) if position else 0,
        position=int(position[2]) if position else 0,
        object_kind=kind,
        object=name,
        compiled_path=compiled[1] if compiled else "",
    )


def _object(sentence: str) -> tuple[str, str]:
    if column := _COLUMN.search(sentence):
        return "column", column[1].replace('"', "").rpartition(".")[2]
    for pattern in _OBJECTS:
        if found := pattern.search(sentence):
            return found[1].lower(), found[2]
    return "", ""
