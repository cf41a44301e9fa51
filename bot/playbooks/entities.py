"""Stage 3: entities are typed; only a value that its type allows is kept, in one normal form.

This is the gate between hostile alert text and probes or remedies: whatever passes is a name, a number or an address
of bounded length, without quotes, spaces or control characters (`text` alone may hold words).
"""

import re
from collections.abc import Callable
from enum import StrEnum

from bot.errors import EntityError


class EntityType(StrEnum):
    """What a value from an alert or a person may be."""

    DAG_ID = "dag_id"
    TASK_ID = "task_id"
    RUN_ID = "run_id"
    TRY_NUMBER = "try_number"
    SNOWFLAKE_IDENTIFIER = "snowflake_identifier"
    WAREHOUSE = "warehouse"
    ROLE = "role"
    TABLE = "table"
    IDENTIFIER = "identifier"
    TEST_NAME = "test_name"
    ERROR_CODE = "error_code"
    HTTP_STATUS = "http_status"
    QUERY_ID = "query_id"
    HOST = "host"
    URL = "url"
    NUMBER = "number"
    TEXT = "text"


_AIRFLOW_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,249}")  # Airflow's own rule for keys, 250 characters
_RUN_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.~:+\-]{0,249}")  # Airflow's allowed_run_id_pattern
_TRY = re.compile(r"#?(\d{1,4})(?:\s*(?:of|/)\s*\d{1,4})?")
_SNOWFLAKE = re.compile(r"[A-Za-z_][A-Za-z0-9_$]{0,254}")  # an unquoted identifier; quoted ones are refused
_TABLE = re.compile(r"[A-Za-z_][\w$\-]{0,127}(?:[.:][A-Za-z_][\w$\-]{0,127}){0,3}", re.ASCII)
_IDENTIFIER = re.compile(r"[A-Za-z_][\w$\-]{0,254}", re.ASCII)  # a column, schema, database, dbt model
_TEST_NAME = re.compile(r"[A-Za-z_][\w.\-]{0,254}", re.ASCII)  # dbt's; a qualified one has dots
_ERROR_CODE = re.compile(r"[A-Za-z0-9][\w.\-]{1,63}", re.ASCII)  # 090073, 57014, rate_limit
_HTTP_STATUS = re.compile(r"[1-5]\d\d")
# A UUID, or Trino's and Presto's 20261120_040512_00007_ab3cd
_QUERY_ID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{2,12}){3,5}|20\d{6}_\d{6}_\d{5}_[A-Za-z0-9]{5}")
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_\-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL}){{0,10}}\.?|\[?[0-9A-Fa-f:]{{2,45}}\]?)(?::\d{{1,5}})?")
_URL = re.compile(r"https?://[^\s<>\"'`\\^{|}\x00-\x1f\x7f]{1,2000}")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,9})?")
_QUOTED_DOT = re.compile(r"[\"'`]?([.:])[\"'`]?")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def _keep(value: str) -> str:
    return value


def _try_number(value: str) -> str:
    found = _TRY.fullmatch(value)
    return str(int(found.group(1))) if found else value


def _number(value: str) -> str:
    plain = value.lstrip("+")
    return plain.rstrip("0").rstrip(".") if "." in plain else str(int(plain))


_RULES: dict[EntityType, tuple[re.Pattern[str], Callable[[str], str]]] = {
    EntityType.DAG_ID: (_AIRFLOW_KEY, _keep),
    EntityType.TASK_ID: (_AIRFLOW_KEY, _keep),
    EntityType.RUN_ID: (_RUN_ID, _keep),
    EntityType.TRY_NUMBER: (_TRY, _try_number),
    EntityType.SNOWFLAKE_IDENTIFIER: (_SNOWFLAKE, str.upper),
    EntityType.WAREHOUSE: (_SNOWFLAKE, str.upper),
    EntityType.ROLE: (_SNOWFLAKE, str.upper),
    EntityType.TABLE: (_TABLE, _keep),
    EntityType.IDENTIFIER: (_IDENTIFIER, _keep),
    EntityType.TEST_NAME: (_TEST_NAME, _keep),
    EntityType.ERROR_CODE: (_ERROR_CODE, _keep),
    EntityType.HTTP_STATUS: (_HTTP_STATUS, _keep),
    EntityType.QUERY_ID: (_QUERY_ID, str.lower),
    EntityType.HOST: (_HOST, str.lower),
    EntityType.URL: (_URL, _keep),
    EntityType.NUMBER: (_NUMBER, _number),
}


def normalise_entity(type: EntityType, value: str) -> str:
    """The value in its type's normal form; EntityError when the type does not allow it.

    Around the value, white space and quotes are dropped, and the dot that ends a sentence. Snowflake names come out in
    upper case (as Snowflake keeps unquoted ones), hosts and query ids in lower case, "2 of 3" as try "2". A table keeps
    its letters (dbt and PostgreSQL write lower case, Snowflake upper) and loses the quotes around its parts.
    """
    if type is EntityType.TEXT:
        return _plain_text(value)
    trimmed = value.strip().strip("`'\"*").strip().rstrip(".")
    if type is EntityType.TABLE:
        trimmed = _QUOTED_DOT.sub(r"\1", trimmed)
    rule, finish = _RULES[type]
    if not rule.fullmatch(trimmed):
        raise EntityError(f"`{_plain_text(value, empty=True)[:80]}` is not a {type.value.replace('_', ' ')}")
    return finish(trimmed)


def _plain_text(value: str, *, empty: bool = False) -> str:
    text = _UNPRINTABLE.sub(" ", value).strip()[:300]
    if not text and not empty:
        raise EntityError("the text is empty")
    return text
