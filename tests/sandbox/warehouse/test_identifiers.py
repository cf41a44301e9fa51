"""Names in statements: IDENTIFIER(…) put in place, names completed, and what is no name refused."""

import pytest
import sqlglot

from bot.sandbox.warehouse.errors import Refusal
from bot.sandbox.warehouse.identifiers import inline_identifiers
from bot.sandbox.warehouse.names import parts, qualify, stored


def bound(*values):
    """Bindings as the wire has them."""
    return {str(number): {"type": "TEXT", "value": value} for number, value in enumerate(values, 1)}


INLINED = [
    ("SELECT 1", None, "SELECT 1", None),
    ("SELECT ?", bound("x"), "SELECT ?", bound("x")),
    ("SELECT * FROM IDENTIFIER('a.b')", None, "SELECT * FROM a.b", None),
    ("SELECT * FROM identifier ( ? )", bound("d.s.t"), "SELECT * FROM d.s.t", {}),
    ("SELECT ? FROM IDENTIFIER(?) WHERE x=?", bound(1, "t", 2), "SELECT ? FROM t WHERE x=?", bound(1, 2)),
    ("SELECT * FROM IDENTIFIER(?), IDENTIFIER(?)", bound("a", "b"), "SELECT * FROM a, b", {}),
    ("SELECT * FROM IDENTIFIER(?)", bound('"x y"."z"'), 'SELECT * FROM "x y"."z"', {}),
    ("SELECT 'IDENTIFIER(?)', ?", bound("x"), "SELECT 'IDENTIFIER(?)', ?", bound("x")),
    ("SELECT identifier FROM t", None, "SELECT identifier FROM t", None),
]


@pytest.mark.parametrize(("text", "bindings", "inlined", "left"), INLINED)
def test_an_identifier_is_put_in_place(text, bindings, inlined, left):
    """A literal or a bound name; the other bindings are counted anew, and a string stays a string."""
    assert inline_identifiers(text, bindings) == (inlined, left)


HOSTILE = ["", "t; DROP TABLE u", "t--", "t u", "a.b.c.d", "'t'", "t)", '"t" OR 1=1', "1t", "t.", "*"]


@pytest.mark.parametrize("value", HOSTILE)
def test_what_is_no_name_is_refused(value):
    """A bound value can only be a name, whatever else it tries to be."""
    with pytest.raises(Refusal) as caught:
        inline_identifiers("SELECT * FROM IDENTIFIER(?)", bound(value))
    assert (caught.value.code, f"invalid identifier '{value}'" in caught.value.message) == ("001003", True)


def test_a_missing_value_is_refused():
    """A placeholder without a binding names nothing."""
    with pytest.raises(Refusal, match="invalid identifier ''"):
        inline_identifiers("SELECT * FROM IDENTIFIER(?)", None)


@pytest.mark.parametrize(
    ("text", "found"), [("a.B", ["A", "B"]), ('"a"."b""c"', ["a", 'b"c']), ("A$1._x", ["A$1", "_X"])]
)
def test_parts_are_as_stored(text, found):
    """Upper case unless quoted; doubled quotes are one."""
    assert parts(text) == found


QUALIFIED = [
    ("t", 3, "D", "S", "D.S.T"),
    ("x.t", 3, "D", "S", "D.X.T"),
    ("y.x.t", 3, None, None, "Y.X.T"),
    ("s", 2, "D", None, "D.S"),
    ("w", 1, None, None, "W"),
]


@pytest.mark.parametrize(("text", "depth", "database", "schema", "name"), QUALIFIED)
def test_a_name_is_completed(text, depth, database, schema, name):
    """What is missing comes from the session, and only that."""
    assert qualify(text, depth, database, schema) == name


INCOMPLETE = [
    ("t", 3, "D", None, "090106"),
    ("s.t", 3, None, None, "090105"),
    ("s", 2, None, None, "090105"),
    ("a.b", 1, "D", "S", "001003"),
    ("", 3, "D", "S", "001003"),
]


@pytest.mark.parametrize(("text", "depth", "database", "schema", "code"), INCOMPLETE)
def test_a_name_that_cannot_be_completed_is_refused(text, depth, database, schema, code):
    """No current database or schema, too many parts, or none."""
    with pytest.raises(Refusal) as caught:
        qualify(text, depth, database, schema)
    assert caught.value.code == code


@pytest.mark.parametrize(("sql", "name"), [("SELECT a FROM t", "T"), ('SELECT a FROM "t"', "t")])
def test_a_parsed_name_is_as_stored(sql, name):
    """Quotes keep letters; nothing is the empty name."""
    table = sqlglot.parse_one(sql, read="snowflake").find(sqlglot.exp.Table)
    assert (stored(table.this), stored(None)) == (name, "")
