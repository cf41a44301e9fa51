"""The shop's payments, read when a listing begins and not again while it goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.stripe.ledger import FRESH_SECONDS, Ledger, Payment


class Shop(Ledger):
    """Has one payment more at every reading; `broken` is a source that does not answer."""

    def __init__(self) -> None:
        self.now, self.readings, self.broken = 0.0, 0, False
        super().__init__(Path(), 0, lambda: self.now)

    def _read(self) -> list[Payment]:
        if self.broken:
            raise ConnectionError("the source does not answer")
        self.readings += 1
        numbers = range(self.readings, 0, -1)
        return [Payment(n, n, f"ch_{n}", "card", "succeeded", 1, "EUR", "", "", n) for n in numbers]


READS = [(True, 0.0, 1), (True, FRESH_SECONDS, 1), (True, FRESH_SECONDS + 0.1, 2), (False, 9_999.0, 1)]


@pytest.mark.parametrize(("anew", "later", "readings"), READS)
def test_payments_are_read_anew_after_a_while(anew: bool, later: float, readings: int) -> None:
    """A new listing sees what is at most five seconds old; one under way goes on with what it began with."""
    shop = Shop()
    shop.payments(anew=False)
    shop.now = later
    assert (len(shop.payments(anew=anew)), shop.readings) == (readings, readings)


def test_a_place_belongs_to_the_latest_reading() -> None:
    """Places move with each reading; an unknown charge has none."""
    shop = Shop()
    assert shop.place("ch_1") is None
    shop.payments(anew=True)
    assert shop.place("ch_1") == 0
    shop.now = FRESH_SECONDS + 1
    shop.payments(anew=True)
    assert [shop.place(charge) for charge in ("ch_2", "ch_1", "ch_3")] == [0, 1, None]


def test_a_source_that_is_down_is_told_and_asked_again() -> None:
    """The error reaches the caller; what was read before is not lost, and the next call tries again."""
    shop = Shop()
    shop.payments(anew=True)
    shop.now, shop.broken = FRESH_SECONDS + 1, True
    with pytest.raises(ConnectionError):
        shop.payments(anew=True)
    assert len(shop.payments(anew=False)) == 1
    shop.broken = False
    assert len(shop.payments(anew=True)) == 2
