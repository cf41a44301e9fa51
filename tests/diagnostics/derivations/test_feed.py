"""Which feed an alert speaks of."""

from datetime import UTC, datetime

import pytest

from bot.diagnostics.derivations.feed import FeedArguments, FeedFacts, find_feed

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ORDERS = {"name": "orders", "source": "public.orders", "raw": "RAW.PG.RAW_ORDERS", "staging": "", "key": "order_id"}
CUSTOMERS = {
    "name": "customers",
    "source": "public.customers",
    "raw": "RAW.PG.RAW_CUSTOMERS",
    "staging": "AN.STAGING.STG_CUSTOMERS",
    "key": "customer_id",
}


@pytest.mark.parametrize(
    "name",
    ["stg_customers", "raw_customers", "RAW.PG.RAW_CUSTOMERS", "public.customers", "x.CUSTOMERS", 'an."STG_CUSTOMERS"'],
)
def test_a_table_or_model_names_its_feed(name: str) -> None:
    """However the tool writes it."""
    assert find_feed(FeedArguments((ORDERS, CUSTOMERS), (name,)), NOW).key == "customer_id"


def test_the_first_name_that_is_known_decides() -> None:
    """A model that is no feed's is passed over for the table in RAW."""
    assert find_feed(FeedArguments((ORDERS, CUSTOMERS), ("", "fct_revenue", "RAW_ORDERS")), NOW).name == "orders"


def test_a_feed_is_known_by_its_name_however_the_platform_writes_it() -> None:
    """The alert says orders, platform.yml Orders."""
    named = {**ORDERS, "name": "Orders", "source": "shop.sales", "raw": "RAW.PG.SALES"}
    assert find_feed(FeedArguments((named,), ("orders",)), NOW).name == "Orders"


def test_a_feed_without_a_model_is_not_found_by_an_empty_name() -> None:
    """`staging` is "" there, and so is an entity that the alert did not give."""
    assert find_feed(FeedArguments((ORDERS,), ("", " .")), NOW) == FeedFacts()
