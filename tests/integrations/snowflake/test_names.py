"""What may stand in a statement that takes no bound parameters: plain names, and nothing that ends one."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot.errors import EntityError
from bot.integrations.snowflake.client import query_tag
from bot.integrations.snowflake.names import plain_name, query_id, quoted, table_name
from bot.integrations.snowflake.probes.rows import moment, number, percent_of, shown, words
from bot.integrations.sql_guard import refusal

HOSTILE = ['X" ; DROP TABLE y --', "X;", "X Y", "1X", "X-Y", "", "X'", "ＬＯＡＤＩＮＧ", "X\n", "a" * 300, 'X"."Y']


@pytest.mark.parametrize("text", HOSTILE)
def test_what_would_need_quotes_is_no_name(text: str) -> None:
    """A name of letters, digits, _ and $ cannot end an identifier or a statement."""
    with pytest.raises(EntityError, match="is not the name of a warehouse"):
        plain_name(text if text.strip() == text else f"{text}x", "warehouse")


def test_a_name_is_stored_in_upper_case() -> None:
    """As Snowflake itself folds what is not quoted."""
    assert plain_name(" loading_wh$1 ", "warehouse") == "LOADING_WH$1"


def test_a_table_has_three_parts() -> None:
    """Two are completed by the session's database; anything else is refused with what to write."""
    assert table_name("db.marts.t", "") == ("DB", "MARTS", "T")
    assert table_name("marts.t", "analytics") == ("ANALYTICS", "MARTS", "T")
    for text, database in (("marts.t", ""), ("t", "db"), ("a.b.c.d", ""), ("a..c", "")):
        with pytest.raises(EntityError):
            table_name(text, database)


@pytest.mark.parametrize(
    "text", ["01b2c3d4", "01b2c3d4-0000-1111-0000-22223333444z", "01b2c3d4-0000-1111-0000-222233334444'", "x" * 36]
)
def test_a_query_id_has_its_shape(text: str) -> None:
    """It stands between quotes in the statement that cancels."""
    with pytest.raises(EntityError, match="is not a query id of Snowflake"):
        query_id(text)


def test_quoted_parts_are_one_table_to_the_guard() -> None:
    """What is put together from checked names is still only a SELECT."""
    parts = table_name("db.schema.order", "")
    assert quoted(*parts) == '"DB"."SCHEMA"."ORDER"'
    assert refusal(f"SELECT MAX(x) FROM {quoted(*parts)}", "snowflake") is None  # noqa: S608 - what is under test


@pytest.mark.parametrize("incident", ["INC-7", "a' OR 1=1 --", "ü\n", "x" * 5000])
def test_a_tag_cannot_end_its_literal(incident: str, scope: object) -> None:
    """An incident's id becomes part of a statement: no quote, no backslash, no line end."""
    from dataclasses import replace

    tag = query_tag(replace(scope, incident=incident))  # type: ignore[type-var]
    assert not set("'\\\n") & set(tag)
    assert len(tag) < 200


def test_shows_texts_become_values() -> None:
    """SHOW gives numbers as text, `null` for nothing and percent with its sign."""
    assert (number("50.40"), number("null"), number(None)) == (50.4, 0.0, 0.0)
    assert (percent_of("110%"), percent_of(None)) == (110.0, None)
    assert (words("null"), words(" x "), words(0)) == ("", "x", "0")
    assert shown("ALTER USER x SET\n PASSWORD = 's3cr3t'") == "ALTER USER x SET PASSWORD = '•••'"


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 11, 23, tzinfo=UTC),
        datetime(2026, 11, 23),
        datetime(2026, 11, 22, 16, tzinfo=timezone(timedelta(hours=-8))),
        date(2026, 11, 23),
        "2026-11-23T00:00:00+00:00",
    ],
)
def test_every_kind_of_moment_is_utc(value: object) -> None:
    """A date is its beginning, a time without a zone is UTC."""
    assert moment(value) == datetime(2026, 11, 23, tzinfo=UTC)
    assert moment(None) is None
