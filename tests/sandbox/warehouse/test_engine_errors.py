"""The engine's words as Snowflake says them: codes, states, and where in the statement."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from bot.sandbox.warehouse.engine_errors import clean, translate

SQL = "SELECT a,\n  colour FROM t"
CASES = [
    (
        'Binder Error: Referenced column "colour" not found in FROM clause!',
        "000904",
        "42000",
        "SQL compilation error: error line 2 at position 2\ninvalid identifier 'COLOUR'",
    ),
    (
        'Binder Error: Table "t" does not have a column named "a"',
        "000904",
        "42000",
        "SQL compilation error: error line 1 at position 7\ninvalid identifier 'A'",
    ),
    (
        "Catalog Error: Scalar Function with name frobnicate does not exist!",
        "002140",
        "42601",
        "SQL compilation error:\nUnknown function FROBNICATE",
    ),
    (
        'Catalog Error: Table with name "T" already exists!',
        "002002",
        "42710",
        "SQL compilation error:\nObject 'T' already exists.",
    ),
    ("\x1b[4msomething\x1b[0m else", "001003", "42000", "something else"),
    ("002003 (42S02): no such thing", "001003", "42000", "no such thing"),
]


@pytest.mark.parametrize(("said", "code", "state", "message"), CASES)
def test_known_words_are_translated(said, code, state, message):
    """What the engine means is told with Snowflake's number; unknown words stay, without colours or a prefix."""
    problem = SimpleNamespace(msg=said, errno=None, sqlstate=None)
    found = translate(problem, SQL)
    assert (found.code, found.sqlstate, found.message) == (code, state, message)


@pytest.mark.parametrize(("errno", "code"), [(2003, "002003"), (-1, "001003"), (0, "001003"), (None, "001003")])
def test_an_engines_own_number_is_kept(errno, code):
    """Six digits of a number above zero, and its state."""
    found = translate(SimpleNamespace(msg="x", errno=errno, sqlstate="42S02"), SQL)
    assert (found.code, found.sqlstate) == (code, "42S02")


def test_colours_are_taken_out():
    """Terminal sequences do not reach a client."""
    assert clean("\x1b[1;31mred\x1b[0m [plain]") == "red [plain]"
