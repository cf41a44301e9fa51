"""derived.feed: which of the platform's feeds an alert speaks of."""

from dataclasses import dataclass
from datetime import datetime

from bot.diagnostics.derivation import Derivation


@dataclass(frozen=True, slots=True)
class FeedArguments:
    """`names` are tables or models as alerts write them, the most telling first; "" counts for nothing."""

    feeds: tuple[dict[str, str], ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """The feed, or "" everywhere when none of the names belongs to one."""

    name: str = ""
    source: str = ""
    raw: str = ""
    staging: str = ""
    key: str = ""


def find_feed(arguments: FeedArguments, now: datetime) -> FeedFacts:
    """The feed whose name, source table, RAW table or staging model is named; schemas and letters do not matter."""
    for name in arguments.names:
        wanted = _stem(name)
        for feed in arguments.feeds:
            if wanted and wanted in {_stem(feed[place]) for place in ("name", "source", "raw", "staging")}:
                return FeedFacts(**feed)
    return FeedFacts()


def _stem(name: str) -> str:
    return name.rpartition(".")[2].strip('"`').lower()


FEED: Derivation[FeedArguments, FeedFacts] = Derivation(
    name="derived.feed",
    summary="Which feed of platform.yml a table or model belongs to: its table at the source, in RAW, its model, key.",
    arguments=FeedArguments,
    facts=FeedFacts,
    derive=find_feed,
    typical=FeedFacts(
        "customers",
        "public.customers",
        "ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS",
        "ECOMMERCE_ANALYTICS.STAGING.STG_CUSTOMERS",
        "customer_id",
    ),
    empty=FeedFacts(),
)
