"""What a PostgreSQL type is called in Snowflake, and whether a Snowflake type holds all of its values.

Sources: PostgreSQL's format_type() for the names on the left; Snowflake's "Summary of data types" for those on the
right (NUMBER up to 38 digits, VARCHAR without a length is the longest, integers are NUMBER(38,0)).
"""

import re
from dataclasses import dataclass

_WRITTEN = re.compile(
    r"(?P<name>.*?)(?:\((?P<first>\d+)(?:,\s*(?P<second>-?\d+))?\))?(?P<zone> with(?:out)? time zone)?"
)
_INTEGERS = {"smallint": 5, "integer": 10, "bigint": 19, "oid": 10}
_TEXTS = frozenset({"character varying", "character", "bpchar", "varchar", "char"})
_PLAIN = {
    "boolean": "BOOLEAN",
    "date": "DATE",
    "real": "FLOAT",
    "double precision": "FLOAT",
    "bytea": "BINARY",
    "json": "VARIANT",
    "jsonb": "VARIANT",
    "hstore": "VARIANT",
    "money": "NUMBER(19,2)",
}
_ALIASES = {
    "DECIMAL": "NUMBER",
    "NUMERIC": "NUMBER",
    "TEXT": "VARCHAR",
    "STRING": "VARCHAR",
    "DOUBLE": "FLOAT",
    "REAL": "FLOAT",
    "DATETIME": "TIMESTAMP_NTZ",
}
DIGITS = 38
"""What NUMBER holds at most, and what a NUMBER without arguments has."""


@dataclass(frozen=True, slots=True)
class WrittenType:
    """`numeric(12,2)` taken apart; `first` and `second` are None where nothing stands."""

    name: str
    first: int | None = None
    second: int | None = None
    has_zone: bool = False


def propose_type(source: str, made_of: str = "") -> str:
    """The Snowflake type for a new column; VARCHAR for what has no counterpart (enums, uuid, interval, ranges)."""
    source = made_of or source
    if source.endswith("[]"):
        return "ARRAY"
    kind = read_type(source)
    if kind.name in _INTEGERS:
        return "NUMBER(38,0)"
    if kind.name == "numeric":
        return _number(kind.first, kind.second or 0) if kind.first else "NUMBER(38,9)"
    if kind.name in _TEXTS:
        return f"VARCHAR({kind.first})" if kind.first else "VARCHAR"
    if kind.name in ("timestamp", "time"):
        return "TIME" if kind.name == "time" else ("TIMESTAMP_TZ" if kind.has_zone else "TIMESTAMP_NTZ")
    return _PLAIN.get(kind.name, "VARCHAR")


def _number(digits: int, scale: int) -> str:
    """PostgreSQL lets the scale be negative (whole hundreds) or larger than the digits (0.000xx); NUMBER neither."""
    after = min(max(scale, 0), DIGITS - 1)
    return f"NUMBER({min(max(digits - min(scale, 0), after), DIGITS)},{after})"


def holds(target: str, source: str, made_of: str = "") -> bool:
    """True when the Snowflake type takes every value of the PostgreSQL type.

    A VARCHAR without a length takes anything; the three kinds of TIMESTAMP count as one, for a loader chooses between
    them; VARIANT takes what is semi-structured, arrays too.
    """
    held, wanted = read_type(target), read_type(propose_type(source, made_of))
    if held.name == "VARCHAR":
        return held.first is None or (
            wanted.name == "VARCHAR" and wanted.first is not None and wanted.first <= held.first
        )
    if held.name == "NUMBER" == wanted.name:
        return _has_room(held, read_type(made_of or source), wanted)
    if held.name == "VARIANT":
        return wanted.name in ("VARIANT", "ARRAY", "OBJECT")
    if held.name == "FLOAT":
        return wanted.name in ("FLOAT", "NUMBER")
    return _family(held.name) == _family(wanted.name)


def read_type(text: str) -> WrittenType:
    """Any type as written, PostgreSQL's in lower case or Snowflake's in upper."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:  # the pattern takes any single line; a type's name of several is somebody's own
        return WrittenType(" ".join(text.split()))
    name = found["name"].strip()
    return WrittenType(
        _ALIASES.get(name, name),
        int(found["first"]) if found["first"] else None,
        int(found["second"]) if found["second"] else None,
        found["zone"] == " with time zone",
    )


def _has_room(held: WrittenType, source: WrittenType, wanted: WrittenType) -> bool:
    digits, scale = held.first or DIGITS, held.second or 0
    if source.name in _INTEGERS:
        return digits - scale >= _INTEGERS[source.name]
    if source.name == "numeric" and source.first is None:
        return digits >= DIGITS  # any number of digits: nothing in Snowflake promises more than the widest NUMBER
    needed, after = wanted.first or DIGITS, wanted.second or 0
    return scale >= after and digits - scale >= needed - after


def _family(name: str) -> str:
    return "TIMESTAMP" if name.startswith("TIMESTAMP") else name
