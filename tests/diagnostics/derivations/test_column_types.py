"""PostgreSQL's types in Snowflake's words."""

import pytest

from bot.diagnostics.derivations.column_types import holds, propose_type


@pytest.mark.parametrize(
    ("source", "proposed"),
    [
        ("integer", "NUMBER(38,0)"),
        ("numeric(12,2)", "NUMBER(12,2)"),
        ("numeric", "NUMBER(38,9)"),
        ("numeric(60,4)", "NUMBER(38,4)"),
        ("numeric(5,-2)", "NUMBER(7,0)"),
        ("numeric(2,5)", "NUMBER(5,5)"),
        ("numeric(100,50)", "NUMBER(38,37)"),
        ("character varying(20)", "VARCHAR(20)"),
        ("text", "VARCHAR"),
        ("uuid", "VARCHAR"),
        ("timestamp(3) with time zone", "TIMESTAMP_TZ"),
        ("timestamp without time zone", "TIMESTAMP_NTZ"),
        ("time with time zone", "TIME"),
        ("double precision", "FLOAT"),
        ("jsonb", "VARIANT"),
        ("text[]", "ARRAY"),
        ("money", "NUMBER(19,2)"),
        ("a type\nof two lines", "VARCHAR"),
    ],
)
def test_each_type_has_a_counterpart(source: str, proposed: str) -> None:
    """As Snowflake's own documentation pairs them; what has none becomes text."""
    assert propose_type(source) == proposed


def test_a_type_of_the_users_own_is_what_it_is_made_of() -> None:
    """An enum is text, a domain its base type."""
    assert propose_type("order_status", "enum") == "VARCHAR"
    assert propose_type("price", "numeric(10,2)") == "NUMBER(10,2)"


@pytest.mark.parametrize(
    ("target", "source"),
    [
        ("NUMBER(38,0)", "bigint"),
        ("NUMBER(10,0)", "integer"),
        ("NUMBER(12,2)", "integer"),
        ("NUMBER(7,0)", "numeric(5,-2)"),
        ("NUMBER(12,2)", "numeric(12,2)"),
        ("NUMBER(14,2)", "numeric(12,2)"),
        ("NUMBER(38,2)", "numeric"),
        ("TIMESTAMP_NTZ", "timestamp with time zone"),
        ("VARCHAR", "jsonb"),
        ("VARCHAR(2)", "character(2)"),
        ("VARIANT", "text[]"),
        ("FLOAT", "numeric(12,2)"),
        ("DATE", "date"),
    ],
)
def test_a_type_that_takes_every_value_is_no_change(target: str, source: str) -> None:
    """Loaders choose wider types than they must; that is not drift."""
    assert holds(target, source)


@pytest.mark.parametrize(
    ("target", "source"),
    [
        ("NUMBER(10,0)", "bigint"),
        ("NUMBER(12,2)", "numeric(14,2)"),
        ("NUMBER(5,0)", "numeric(5,-2)"),
        ("NUMBER(9,0)", "integer"),
        ("NUMBER(11,2)", "integer"),
        ("NUMBER(12,2)", "numeric(12,4)"),
        ("NUMBER(12,2)", "numeric"),
        ("NUMBER(38,0)", "text"),
        ("VARCHAR(10)", "character varying(20)"),
        ("VARCHAR(10)", "text"),
        ("DATE", "timestamp without time zone"),
        ("BOOLEAN", "integer"),
        ("VARIANT", "text"),
    ],
)
def test_a_type_that_cannot_take_every_value_is_one(target: str, source: str) -> None:
    """Too few digits, too short, or of another kind."""
    assert not holds(target, source)
