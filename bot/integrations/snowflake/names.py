"""Names of Snowflake objects: checked before they stand in a statement, for SHOW and ALTER take no bound parameters."""

import re

from bot.errors import EntityError

_PART = r"[A-Za-z_][A-Za-z0-9_$]{0,254}"
_QUERY_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def plain_name(text: str, kind: str) -> str:
    """An unquoted identifier as Snowflake stores it, in upper case; EntityError for anything that would need quotes."""
    if not re.fullmatch(_PART, text.strip()):
        raise EntityError(f"{text[:60]!r} is not the name of a {kind}.")
    return text.strip().upper()


def table_name(text: str, database: str) -> tuple[str, str, str]:
    """Database, schema and table of `DB.SCHEMA.TABLE`, or of `SCHEMA.TABLE` in `database`."""
    parts = [plain_name(part, "table") for part in text.split(".")]
    if len(parts) == 2 and database:
        parts.insert(0, plain_name(database, "database"))
    if len(parts) != 3:
        raise EntityError(f"{text[:60]!r} is not a table's name: write DATABASE.SCHEMA.TABLE.")
    return parts[0], parts[1], parts[2]


def query_id(text: str) -> str:
    """A query id in lower case; EntityError for anything of another shape."""
    if not _QUERY_ID.fullmatch(text.strip()):
        raise EntityError(f"{text[:60]!r} is not a query id of Snowflake (01b2c3d4-0000-1111-0000-222233334444).")
    return text.strip().lower()


def quoted(*parts: str) -> str:
    """Parts that plain_name has checked, each in double quotes."""
    return ".".join(f'"{part}"' for part in parts)
