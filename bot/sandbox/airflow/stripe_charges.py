"""The DAG's first step, beside the shop's tables: what changed at Stripe on one day -> a CSV file with a header.

Reads with Stripe's own client, page by page and at a steady pace. Errors are Stripe's own: the alert shall say what
Stripe said.
"""

from __future__ import annotations

import csv
import datetime
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

COLUMNS = (
    *("payment_id", "order_id", "stripe_charge_id", "method", "status", "amount", "currency"),
    *("created_at", "updated_at"),
)
LOOK_BACK = datetime.timedelta(days=7)
"""Stripe lists charges by when they were made; one may still change for a week."""
ATTEMPTS = 5
FIRST_WAIT, LONGEST_WAIT = 0.2, 2.0
TIMEOUT = 20.0
Given = ParamSpec("Given")
Result = TypeVar("Result")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """Whose charges: a key, and where Stripe's API is."""

    key: str
    base: str


@dataclass(frozen=True, slots=True)
class Pace:
    """How many charges a request asks for, and how many requests a second are made at most."""

    batch_size: int
    requests_per_second: float


def retry_on_rate_limit(call: Callable[Given, Result]) -> Callable[Given, Result]:
    """Try again after a 429, up to five times in all and each time later; every 429 is logged. The last is raised."""
    import stripe
    from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_exponential

    return retry(
        retry=retry_if_exception_type(stripe.RateLimitError),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_exponential(multiplier=FIRST_WAIT, max=LONGEST_WAIT),
        after=_log_limit,
        reraise=True,
    )(call)


def extract_charges(account: Account, pace: Pace, day: datetime.date, path: Path) -> int:
    """Write the charges that changed on `day` (UTC) to `path`, with the columns of the shop's payments.

    Returns the number of rows. Raises stripe.RateLimitError when a request was limited five times in a row.
    """
    import stripe

    logging.getLogger("stripe").setLevel(logging.WARNING)  # two lines for each request would bury ours
    transport = stripe.RequestsClient(timeout=TIMEOUT)
    client = stripe.StripeClient(account.key, base_addresses={"api": account.base}, http_client=transport)
    read_page = retry_on_rate_limit(client.v1.charges.list)
    path.parent.mkdir(parents=True, exist_ok=True)
    log.info("reading charges of Stripe, %s at a time, %g requests a second", pace.batch_size, pace.requests_per_second)
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for charge in read_charges(read_page, pace, day):
            if charge.metadata["updated_at"].startswith(day.isoformat()):
                writer.writerow(make_row(charge))
                rows += 1
    log.info("%s charges changed on %s", rows, day)
    return rows


def read_charges(
    read_page: Callable[..., Any], pace: Pace, day: datetime.date, sleep: Callable[[float], None] = time.sleep
) -> Iterator[Any]:
    """Every charge made in the week up to the end of `day`, newest first, one request after another."""
    end = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), datetime.UTC)
    window = {"gte": int((end - LOOK_BACK).timestamp()), "lt": int(end.timestamp())}
    params: dict[str, Any] = {"limit": pace.batch_size, "created": window}
    while True:
        started = time.monotonic()
        page = read_page(params)
        yield from page.data
        if not page.has_more:
            return
        params["starting_after"] = page.data[-1].id
        sleep(max(0.0, 1 / pace.requests_per_second - (time.monotonic() - started)))


def make_row(charge: Any) -> tuple[str, ...]:
    """A charge as the shop's database has the payment: the amount in whole currency, and a refund as a status."""
    euros, cents = divmod(charge.amount, 100)
    known = charge.metadata
    return (
        *(known["payment_id"], known["order_id"], charge.id, charge.payment_method_details.type),
        "refunded" if charge.refunded else charge.status,
        f"{euros}.{cents:02}",
        charge.currency.upper(),
        *(known["created_at"], known["updated_at"]),
    )


def _log_limit(state: Any) -> None:
    """One line for each 429, as a person looks for it: why, how long Stripe asks to wait, which request."""
    error = state.outcome.exception()
    log.warning(
        "Stripe answered 429 (%s), Retry-After %s s, request %s, attempt %s of %s",
        error.headers.get("Stripe-Rate-Limited-Reason", "no reason given"),
        error.headers.get("Retry-After", "?"),
        error.request_id,
        state.attempt_number,
        ATTEMPTS,
    )
