"""Pages of a list call: bounds, cursors, and parameters that Stripe would refuse."""

from __future__ import annotations

import pytest

from bot.sandbox.stripe.ledger import Payment
from bot.sandbox.stripe.listing import BadParameter, Listing, read_listing


def payment(number: int) -> Payment:
    """A payment made at that second."""
    return Payment(number, number, f"ch_{number}", "card", "succeeded", 100, "EUR", "", "", number)


NEWEST_FIRST = [payment(number) for number in (5, 4, 3, 2, 1)]
PLACES = {one.charge: place for place, one in enumerate(NEWEST_FIRST)}


def cut(**query: str) -> tuple[list[int], bool]:
    """The numbers on the page of a call, and whether more follow."""
    page, more = read_listing(query).cut(NEWEST_FIRST, PLACES.get)
    return [one.payment_id for one in page], more


PAGES: list[tuple[dict[str, str], list[int], bool]] = [
    ({}, [5, 4, 3, 2, 1], False),
    ({"limit": "5"}, [5, 4, 3, 2, 1], False),
    ({"limit": "4"}, [5, 4, 3, 2], True),
    ({"limit": "1", "starting_after": "ch_2"}, [1], False),
    ({"starting_after": "ch_1"}, [], False),
    ({"starting_after": "pi_3"}, [2, 1], False),
    ({"created[gte]": "3"}, [5, 4, 3], False),
    ({"created[gt]": "3"}, [5, 4], False),
    ({"created[lte]": "3"}, [3, 2, 1], False),
    ({"created[lt]": "3"}, [2, 1], False),
    ({"created[gte]": "2", "created[lt]": "5", "limit": "2"}, [4, 3], True),
    ({"created[gte]": "3", "limit": "3"}, [5, 4, 3], False),
    ({"created[gte]": "3", "starting_after": "ch_3"}, [], False),
    ({"created[gt]": "5"}, [], False),
    ({"created[lt]": "0"}, [], False),
]


@pytest.mark.parametrize(("query", "numbers", "more"), PAGES)
def test_a_page_is_cut(query: dict[str, str], numbers: list[int], more: bool) -> None:
    """Bounds, cursor and limit together; has_more only when a payment within the bounds follows."""
    assert cut(**query) == (numbers, more)


def test_an_empty_shop_has_an_empty_page() -> None:
    """No payments are no error."""
    assert Listing(10, "", None, None).cut([], {}.get) == ([], False)


def test_the_usual_page_holds_ten() -> None:
    """Without a limit Stripe answers ten; a hundred is the most."""
    assert [read_listing({}).limit, read_listing({"limit": "100"}).limit] == [10, 100]


BETWEEN = "This value must be between 1 and 100, inclusive."
BAD = [
    ({"limit": "0"}, "limit", "parameter_invalid_integer", BETWEEN),
    ({"limit": "101"}, "limit", "parameter_invalid_integer", BETWEEN),
    ({"limit": ""}, "limit", "parameter_invalid_integer", "Invalid integer: "),
    ({"limit": "-1"}, "limit", "parameter_invalid_integer", "Invalid integer: -1"),
    ({"limit": "\u0663"}, "limit", "parameter_invalid_integer", "Invalid integer: \u0663"),
    ({"created[gte]": "1.5"}, "created[gte]", "parameter_invalid_integer", "Invalid integer: 1.5"),
    ({"created[lt]": "1" * 60}, "created[lt]", "parameter_invalid_integer", f"Invalid integer: {'1' * 40}"),
    ({"created": "5"}, "created", "parameter_unknown", "Received unknown parameter: created"),
    ({"ending_before": "ch_1"}, "ending_before", "parameter_unknown", "Received unknown parameter: ending_before"),
    ({"starting_after": "ch_9"}, "starting_after", "resource_missing", "No such object: 'ch_9'"),
    ({"starting_after": "5"}, "starting_after", "resource_missing", "No such object: '5'"),
]


@pytest.mark.parametrize(("query", "param", "code", "said"), BAD)
def test_a_bad_parameter_is_named(query: dict[str, str], param: str, code: str, said: str) -> None:
    """Which one, Stripe's code for it, and Stripe's words."""
    with pytest.raises(BadParameter) as caught:
        cut(**query)
    assert (caught.value.param, caught.value.code, str(caught.value)) == (param, code, said)
