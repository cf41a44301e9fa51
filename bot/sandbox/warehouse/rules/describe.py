"""DESC TABLE and DESC VIEW, whatever database the session is in."""

import re

from bot.sandbox.warehouse import access
from bot.sandbox.warehouse.names import qualify
from bot.sandbox.warehouse.needs import Need
from bot.sandbox.warehouse.results import Column, Result
from bot.sandbox.warehouse.rules import DOTTED, Context, rule

_DESCRIBE = 0x4500
# Names and order as documented for DESC TABLE.
_COLUMNS = tuple(
    Column(name)
    for name in (
        "name",
        "type",
        "kind",
        "null?",
        "default",
        "primary key",
        "unique key",
        "check",
        "expression",
        "comment",
        "policy name",
        "privacy domain",
    )
)
_QUERY = """
SELECT column_name, data_type, is_nullable, column_default, numeric_precision, numeric_scale,
       character_maximum_length, comment
FROM _fs_global._fs_information_schema._fs_columns
WHERE table_catalog = ? AND table_schema = ? AND table_name = ? ORDER BY ordinal_position
"""


def describe(context: Context, match: re.Match[str]) -> Result:
    """The columns of a table or view the role may know of."""
    lane = context.session.lane
    name = qualify(match[1], 3, lane.database, lane.schema)
    if context.session.enforce:
        access.check(Need((), "TABLE", name), context.session, context.account)
    rows = context.account.engine.query(_QUERY, name.split(".", 2))
    return Result(_COLUMNS, tuple(_row(*row) for row in rows), _DESCRIBE)


def _row(
    name: str, kind: str, nullable: str, default: str, precision: int, scale: int, length: int, comment: str
) -> tuple[object, ...]:
    shown = {
        "NUMBER": f"NUMBER({precision},{scale})",
        "TEXT": f"VARCHAR({length or 16777216})",
        "TIMESTAMP_NTZ": "TIMESTAMP_NTZ(9)",
        "TIMESTAMP_TZ": "TIMESTAMP_TZ(9)",
        "TIME": "TIME(9)",
        "BINARY": "BINARY(8388608)",
    }.get(kind, kind)
    null = "Y" if nullable == "YES" else "N"
    return (name, shown, "COLUMN", null, default, "N", "N", None, None, comment, None, None)


RULES = (rule(rf"DESC(?:RIBE)? (?:TABLE|VIEW) {DOTTED}", describe),)
