"""Payments as Stripe tells them, and the bodies of its errors."""

from __future__ import annotations

import pytest

from bot.sandbox.stripe.ledger import Payment
from bot.sandbox.stripe.objects import RATE_LIMITED, make_balance, make_charge, make_error, make_intent, make_list


def payment(status: str) -> Payment:
    """A payment of 10.50 euros in that status."""
    return Payment(7, 9, "ch_7", "card", status, 1050, "EUR", "2026-11-23 05:00:00+00", "later", 1_700_000_000)


STATES = [
    ("succeeded", ("succeeded", True, True, False, 1050, 0), ("succeeded", 1050)),
    ("refunded", ("succeeded", True, True, True, 1050, 1050), ("succeeded", 1050)),
    ("failed", ("failed", False, False, False, 0, 0), ("requires_payment_method", 0)),
]


@pytest.mark.parametrize(("status", "charge", "intent"), STATES)
def test_a_status_is_told_as_stripe_does(status: str, charge: tuple[object, ...], intent: tuple[object, ...]) -> None:
    """A refund is a succeeded charge that was given back; what failed has captured nothing."""
    made, its_intent = make_charge(payment(status), live=False), make_intent(payment(status), live=False)
    fields = ("status", "paid", "captured", "refunded", "amount_captured", "amount_refunded")
    assert tuple(made[name] for name in fields) == charge
    assert (its_intent["status"], its_intent["amount_received"]) == intent


def test_a_charge_and_its_intent_name_each_other() -> None:
    """Ids of one payment belong together; the shop's own ids are in the metadata, as text."""
    charge, intent = make_charge(payment("succeeded"), live=True), make_intent(payment("succeeded"), live=True)
    assert (charge["payment_intent"], intent["latest_charge"]) == (intent["id"], charge["id"]) == ("pi_7", "ch_7")
    assert (charge["metadata"]["payment_id"], charge["metadata"]["order_id"]) == ("7", "9")
    assert (charge["currency"], charge["livemode"], intent["livemode"]) == ("eur", True, True)


def test_a_list_and_a_balance() -> None:
    """Stripe's envelope around a page; a balance of nothing in the mode asked for."""
    assert make_list("/v1/charges", [], has_more=True) == {
        "object": "list",
        "url": "/v1/charges",
        "has_more": True,
        "data": [],
    }
    assert (make_balance(live=False)["livemode"], make_balance(live=False)["available"][0]["amount"]) == (False, 0)


def test_an_error_has_what_the_client_reads() -> None:
    """Type and message always; code with its page, and the parameter, when there are some."""
    assert make_error("no") == {"error": {"message": "no", "type": "invalid_request_error"}}
    full = make_error("no", code="parameter_unknown", param="limit")["error"]
    assert (full["doc_url"].endswith("/error-codes#parameter-unknown"), full["param"]) == (True, "limit")
    assert RATE_LIMITED["error"]["code"] == "rate_limit"
