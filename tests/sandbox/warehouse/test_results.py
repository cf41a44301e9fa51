"""Values on the wire: each in the JSON row set's encoding, exact."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from bot.sandbox.warehouse.results import Column, Result, columns, data_of, encode, status

VALUES = [
    (None, "text", None),
    ("x", "text", "x"),
    (7, "fixed", "7"),
    (Decimal("1.50"), "fixed", "1.50"),
    (0.1, "real", "0.1"),
    (True, "boolean", "1"),
    (False, "boolean", "0"),
    (True, "text", "true"),
    (date(1970, 1, 2), "date", "1"),
    (date(1969, 12, 31), "date", "-1"),
    (datetime(2026, 11, 23, 13, 42, 50, 762697, UTC), "timestamp_ltz", "1795441370.762697000"),
    (datetime(2026, 11, 23, 13, 42, 50, 762697), "timestamp_ntz", "1795441370.762697000"),
    (datetime(2026, 11, 23, 15, 42, 50, tzinfo=timezone(timedelta(hours=2))), "timestamp_ltz", "1795441370.000000000"),
    (datetime(1969, 12, 31, 23, 59, 59, 500000, UTC), "timestamp_ltz", "-0.500000000"),
    (datetime(1970, 1, 1, tzinfo=UTC), "timestamp_ltz", "0.000000000"),
]


@pytest.mark.parametrize(("value", "kind", "encoded"), VALUES)
def test_a_value_is_encoded(value, kind, encoded):
    """Days, seconds and digits as text; no microsecond is lost, and a time without a zone is no local time."""
    assert encode(value, kind) == encoded


def test_a_result_without_rows_still_has_columns():
    """The client builds its description from the row type."""
    data = data_of(Result(columns(name="text", count="fixed", at="timestamp_ltz"), ()))
    assert [(one["name"], one["type"], one["scale"]) for one in data["rowtype"]] == [
        ("name", "text", None),
        ("count", "fixed", 0),
        ("at", "timestamp_ltz", 9),
    ]
    assert (data["rowset"], data["total"], data["queryResultFormat"]) == ([], 0, "json")


def test_rows_are_counted_and_in_order():
    """total and returned tell the rows; a scaled number keeps its scale."""
    data = data_of(Result((Column("n", "fixed", 2),), ((Decimal("2.00"),), (Decimal("1.00"),))))
    assert (data["rowset"], data["total"], data["returned"]) == ([["2.00"], ["1.00"]], 2, 2)
    assert data["rowtype"][0]["scale"] == 2


def test_a_status_is_one_row():
    """What only changes something answers Snowflake's words in a column `status`."""
    data = data_of(status())
    assert ([one["name"] for one in data["rowtype"]], data["rowset"]) == (
        ["status"],
        [["Statement executed successfully."]],
    )


def test_a_row_of_another_width_is_a_mistake():
    """A rule that forgets a column fails here, not in a client."""
    with pytest.raises(ValueError, match="longer than"):
        data_of(Result(columns(a="text", b="text"), (("x",),)))
