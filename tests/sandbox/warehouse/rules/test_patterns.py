"""What rules share: whole statements, LIKE, settings that are read whole or refused, and compute for a statement."""

import re

import pytest

from bot.sandbox.warehouse.errors import Refusal
from bot.sandbox.warehouse.rules import DOTTED, LIKE, NAME, assignments, like, rule

LIKES = [
    (None, "ANY", True),
    ("", "ANY", False),
    ("%", "", True),
    ("load%", "LOADING_WH", True),
    ("LOADING_WH", "LOADING_WH", True),
    ("LOADING_WH", "LOADINGXWH", True),
    ("LOADING_W", "LOADING_WH", False),
    ("a.b", "AxB", False),
    ("it''s", "IT'S", True),
    ("(a+)+%", "AAAA", False),
]


@pytest.mark.parametrize(("pattern", "name", "fits"), LIKES)
def test_like(pattern, name, fits):
    """% and _ are wildcards in any case; everything else, a regex's letters too, is itself."""
    assert like(pattern, name) is fits


SETTINGS = [
    ("A = 1", {"A": "1"}),
    ("a=1,b = 'x y' , C='it''s' d = TRUE", {"A": "1", "B": "x y", "C": "it's", "D": "TRUE"}),
    ('A = "M"', {"A": "M"}),
    ("A = ''", {"A": ""}),
    ("A = -1.5", {"A": "-1.5"}),
    ("A = 1 A = 2", {"A": "2"}),
    ("A = 'x = 1'", {"A": "x = 1"}),
    ("", {}),
]


@pytest.mark.parametrize(("text", "found"), SETTINGS)
def test_settings_are_read(text, found):
    """Names in any case, values with and without quotes, commas or blanks between."""
    assert assignments(text) == found


BROKEN = [
    ("1", "1"),
    ("A", "A"),
    ("A = ", "A = "),
    ("A = 1 junk", "junk"),
    ("A = 1; DROP", "; DROP"),
    ("A = 'x", "A = 'x"),
]


@pytest.mark.parametrize(("text", "rest"), BROKEN)
def test_settings_with_anything_else_are_refused(text, rest):
    """Nothing is skipped in silence: the refusal quotes where reading stopped."""
    with pytest.raises(Refusal) as caught:
        assignments(text)
    assert (caught.value.code, caught.value.message) == ("001003", f"SQL compilation error:\nsyntax error at '{rest}'")


NAMES = [
    ("W", True),
    ("w_1$", True),
    ('"a b"', True),
    ('"a""b"', True),
    ("1W", False),
    ("a.b", False),
    ('""', False),
    ("a b", False),
]


@pytest.mark.parametrize(("text", "fits"), NAMES)
def test_a_name_is_plain_or_quoted(text, fits):
    """What a rule takes as a name cannot hold a blank or a point unless it is quoted."""
    pattern, _ = rule(f"SHOW {NAME}", lambda context, match: None)
    assert bool(pattern.match(f"show   {text}")) is fits


@pytest.mark.parametrize(("text", "fits"), [("a.b.c", True), ('a."b.c"', True), ("a.", False), ("a..b", False)])
def test_a_dotted_name(text, fits):
    """Parts are divided by single points; a quoted part may hold one."""
    assert bool(re.fullmatch(DOTTED, text)) is fits


def test_a_rule_is_about_the_whole_statement():
    """Something before or after it is another statement; blanks of any kind and number divide words."""
    pattern, _ = rule(f"SHOW WAREHOUSES{LIKE}", lambda context, match: None)
    assert pattern.match("show\n\twarehouses  like 'a''b'  ")[1] == "a''b"
    for text in ("SHOW WAREHOUSES x", "X SHOW WAREHOUSES", "SHOWWAREHOUSES", "SHOW WAREHOUSES LIKE a"):
        assert not pattern.match(text)


def test_compute_is_taken_once_and_refused_without_a_warehouse(account):
    """A statement that has a warehouse keeps it; without one, or without USAGE, nothing computes."""
    context = account.context("READ")
    with pytest.raises(Refusal, match="No active warehouse selected"):
        context.take_compute()
    account.give("READ", ("USAGE", "WAREHOUSE", "W"))
    context.take_compute()
    context.take_compute()
    assert (context.job.warehouse, context.record.size, len(account.meter.charges)) == ("W", "X-Small", 1)
    context = account.context("READ")
    context.session.warehouse = None
    with pytest.raises(Refusal) as caught:
        context.take_compute()
    assert (caught.value.code, caught.value.sqlstate) == ("000606", "57P03")


@pytest.mark.parametrize(("session_s", "warehouse_s", "limit"), [(0, 0, 0), (0, 9, 9), (5, 9, 5), (9, 5, 5), (5, 0, 5)])
def test_the_shorter_timeout_counts(account, session_s, warehouse_s, limit):
    """Documented: of the session's and the warehouse's timeout the lower one that is not zero."""
    context = account.context()
    context.job.timeout = session_s
    account.compute.warehouses["W"].statement_timeout = warehouse_s
    context.take_compute()
    assert context.job.timeout == limit


def test_nothing_is_enforced_for_the_control_interface(account):
    """Its session holds and sees everything and takes no compute."""
    context = account.context("READ", enforce=False)
    context.take_compute()
    assert (context.holds(("MODIFY",), "WAREHOUSE", "W"), context.sees("TABLE", "X"), context.job.warehouse) == (
        True,
        True,
        None,
    )
