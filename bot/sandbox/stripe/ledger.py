"""The shop's payments out of the source database, newest first."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.source.passwords import connection_url

QUERY = """
    SELECT payment_id, order_id, stripe_charge_id, method, status, (amount * 100)::bigint, currency,
           created_at::text, updated_at::text, extract(epoch FROM created_at)::bigint
    FROM payments ORDER BY created_at DESC, payment_id DESC
"""
FRESH_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment; `amount` in cents, `created` in epoch seconds, times also as PostgreSQL writes them in UTC."""

    payment_id: int
    order_id: int
    charge: str
    method: str
    status: str
    amount: int
    currency: str
    created_at: str
    updated_at: str
    created: int


class Ledger:
    """Reads the payments anew when a listing begins; pages of a listing under way come from one reading."""

    def __init__(self, folder: Path, port: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._port, self._clock = folder, port, clock
        self._payments: list[Payment] = []
        self._places: dict[str, int] = {}
        self._read_at: float | None = None

    def payments(self, *, anew: bool) -> list[Payment]:
        """All payments; with `anew` not older than 5 s. Raises psycopg2's errors when the source does not answer."""
        if self._read_at is None or (anew and self._clock() - self._read_at > FRESH_SECONDS):
            self._payments = self._read()
            self._places = {payment.charge: place for place, payment in enumerate(self._payments)}
            self._read_at = self._clock()
        return self._payments

    def place(self, charge: str) -> int | None:
        """Where a charge stands among `payments`; None when there is none of that id."""
        return self._places.get(charge)

    def _read(self) -> list[Payment]:
        import psycopg2

        url = connection_url(self._folder, self._port, "airflow_extract")
        session = psycopg2.connect(url, connect_timeout=5, options="-c statement_timeout=10s -c timezone=UTC")
        try:
            with session.cursor() as cursor:
                cursor.execute(QUERY)
                return [Payment(*row) for row in cursor.fetchall()]
        finally:
            session.close()
