"""Charges page by page at a steady pace, and as rows of the shop's payments."""

from __future__ import annotations

import csv
import datetime
import io
from types import SimpleNamespace
from typing import Any

from bot.sandbox.airflow.stripe_charges import COLUMNS, Pace, make_row, read_charges

DAY = datetime.date(2026, 11, 23)


def charge(number: int, **more: Any) -> SimpleNamespace:
    """A charge as Stripe's client gives it."""
    known = {"payment_id": str(number), "order_id": "7", "created_at": "2026-11-23 05:00:00+00", "updated_at": "u"}
    fields = {"amount": 1205, "currency": "eur", "status": "succeeded", "refunded": False, "metadata": known}
    method = SimpleNamespace(type="card")
    return SimpleNamespace(id=f"ch_{number}", payment_method_details=method, **(fields | more))


def test_pages_are_asked_for_one_after_another_and_not_faster_than_allowed():
    """Each request names the last charge before it; a pause follows every page but the last."""
    pages = [[charge(4), charge(3)], [charge(2), charge(1)], []]
    asked, pauses = [], []

    def read_page(params: dict[str, Any]) -> SimpleNamespace:
        asked.append(dict(params))
        return SimpleNamespace(data=pages[len(asked) - 1], has_more=len(asked) < 2)

    found = [one.id for one in read_charges(read_page, Pace(2, 0.5), DAY, pauses.append)]
    assert found == ["ch_4", "ch_3", "ch_2", "ch_1"]
    assert [params.get("starting_after") for params in asked] == [None, "ch_3"]
    assert asked[0]["limit"] == 2
    [pause] = pauses
    assert 1.9 < pause <= 2.0


def test_the_window_is_the_week_up_to_the_end_of_the_day():
    """A charge may still change for a week after it was made."""
    asked = []

    def read_page(params: dict[str, Any]) -> SimpleNamespace:
        asked.append(params["created"])
        return SimpleNamespace(data=[], has_more=False)

    assert list(read_charges(read_page, Pace(100, 20), DAY)) == []
    end = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC).timestamp()
    assert asked == [{"gte": int(end) - 7 * 86_400, "lt": int(end)}]


def test_a_charge_becomes_the_row_that_the_shop_has():
    """Cents with both digits, the currency in capitals, a refund as the status."""
    file = io.StringIO()
    csv.writer(file).writerow(make_row(charge(1, refunded=True)))
    row = dict(zip(COLUMNS, file.getvalue().strip().split(","), strict=True))
    assert (row["payment_id"], row["stripe_charge_id"], row["status"]) == ("1", "ch_1", "refunded")
    assert (row["amount"], row["currency"], row["method"]) == ("12.05", "EUR", "card")
    assert make_row(charge(2, status="failed"))[4] == "failed"
