"""What a list call asks for: `limit`, `starting_after`, `created[gte]` and the like."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.sandbox.stripe.ledger import Payment

LARGEST_PAGE, USUAL_PAGE = 100, 10
KNOWN = {"limit", "starting_after", "created[gte]", "created[gt]", "created[lte]", "created[lt]"}


class BadParameter(Exception):
    """A parameter that Stripe would refuse; the text is Stripe's message."""

    def __init__(self, param: str, message: str, code: str = "parameter_invalid_integer") -> None:
        super().__init__(message)
        self.param, self.code = param, code


@dataclass(frozen=True, slots=True)
class Listing:
    """One page: `since` and `until` are epoch seconds, both inclusive; `after` is the charge before it, "" at first."""

    limit: int
    after: str
    since: int | None
    until: int | None

    def cut(self, payments: Sequence[Payment], place: Callable[[str], int | None]) -> tuple[list[Payment], bool]:
        """The page's payments (newest first, as given) and whether more follow; BadParameter for an unknown `after`."""
        start = 0
        if self.after:
            found = place(self.after.replace("pi_", "ch_", 1))
            if found is None:
                raise BadParameter("starting_after", f"No such object: '{self.after}'", "resource_missing")
            start = found + 1
        page: list[Payment] = []
        for payment in payments[start:]:
            if self.since is not None and payment.created < self.since:
                break
            if self.until is not None and payment.created > self.until:
                continue
            if len(page) == self.limit:
                return page, True
            page.append(payment)
        return page, False


def read_listing(query: Mapping[str, str]) -> Listing:
    """The call's parameters; BadParameter for one that Stripe would refuse or that the stand-in does not know."""
    for name in query:
        if name not in KNOWN:
            raise BadParameter(name, f"Received unknown parameter: {name}", "parameter_unknown")
    limit = _integer(query, "limit", USUAL_PAGE)
    if limit is None or not 1 <= limit <= LARGEST_PAGE:
        raise BadParameter("limit", f"This value must be between 1 and {LARGEST_PAGE}, inclusive.")
    since, until = _integer(query, "created[gte]"), _integer(query, "created[lte]")
    after, before = _integer(query, "created[gt]"), _integer(query, "created[lt]")
    return Listing(
        limit=limit,
        after=query.get("starting_after", ""),
        since=since if after is None else after + 1,
        until=until if before is None else before - 1,
    )


def _integer(query: Mapping[str, str], name: str, usual: int | None = None) -> int | None:
    text = query.get(name)
    if text is None:
        return usual
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise BadParameter(name, f"Invalid integer: {text[:40]}")
    return int(text)
