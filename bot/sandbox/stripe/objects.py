"""Payments as Stripe's objects, and errors as Stripe's bodies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.sandbox.stripe.ledger import Payment

Body = dict[str, Any]
DOCS = "https://docs.stripe.com"


def make_charge(payment: Payment, *, live: bool) -> Body:
    """A charge; what Stripe does not know of the shop (ids, exact times) is in its metadata, as shops do."""
    refunded = payment.status == "refunded"
    return {
        "id": payment.charge,
        "object": "charge",
        "amount": payment.amount,
        "amount_captured": 0 if payment.status == "failed" else payment.amount,
        "amount_refunded": payment.amount if refunded else 0,
        "balance_transaction": f"txn_{payment.charge[3:]}",
        "captured": payment.status != "failed",
        "created": payment.created,
        "currency": payment.currency.lower(),
        "description": None,
        "livemode": live,
        "metadata": {
            "payment_id": str(payment.payment_id),
            "order_id": str(payment.order_id),
            "created_at": payment.created_at,
            "updated_at": payment.updated_at,
        },
        "paid": payment.status != "failed",
        "payment_intent": f"pi_{payment.charge[3:]}",
        "payment_method_details": {"type": payment.method},
        "refunded": refunded,
        "status": "failed" if payment.status == "failed" else "succeeded",
    }


def make_intent(payment: Payment, *, live: bool) -> Body:
    """The payment intent that a charge belongs to."""
    failed = payment.status == "failed"
    return {
        "id": f"pi_{payment.charge[3:]}",
        "object": "payment_intent",
        "amount": payment.amount,
        "amount_received": 0 if failed else payment.amount,
        "created": payment.created,
        "currency": payment.currency.lower(),
        "latest_charge": payment.charge,
        "livemode": live,
        "metadata": {"order_id": str(payment.order_id)},
        "payment_method_types": [payment.method],
        "status": "requires_payment_method" if failed else "succeeded",
    }


def make_balance(*, live: bool) -> Body:
    """The account's balance; the stand-in keeps no books, so it is empty."""
    empty = [{"amount": 0, "currency": "eur", "source_types": {"card": 0}}]
    return {"object": "balance", "available": empty, "livemode": live, "pending": empty}


def make_list(url: str, data: Sequence[Body], *, has_more: bool) -> Body:
    """A page."""
    return {"object": "list", "url": url, "has_more": has_more, "data": list(data)}


def make_error(message: str, kind: str = "invalid_request_error", code: str = "", param: str = "") -> Body:
    """The body of an answer that is none of the 200s."""
    error: Body = {"message": message, "type": kind}
    if code:
        error |= {"code": code, "doc_url": f"{DOCS}/error-codes#{code.replace('_', '-')}"}
    return {"error": error | ({"param": param} if param else {})}


RATE_LIMITED = make_error(
    f"Request rate limit exceeded. You can learn more about rate limits here {DOCS}/rate-limits.", code="rate_limit"
)
