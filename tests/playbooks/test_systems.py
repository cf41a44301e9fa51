"""The same error is ours or another system's: playbooks say `about` and `not_from`, shared.yml what names a system."""

from collections.abc import Callable

import pytest

from bot.alerts.alert import Alert
from bot.playbooks.match import Matcher
from bot.playbooks.model import Playbook, Signature
from bot.playbooks.shared import CommonEntity, Shared

SHARED = Shared(
    systems={"stripe": (r"\bstripe\b",), "shopify": (r"\bshopify", r"\bmyshopify"), "mysql": (r"\bmysql",)},
    entities={"http_status": CommonEntity(type="http_status", text=(r"\bHTTP (?P<http_status>\d{3})\b",))},
)
Ask = Callable[[str], bool]


@pytest.fixture
def limited(playbook: Playbook) -> Ask:
    """Whether a playbook about Stripe, and not from Shopify or MySQL, answers a text."""
    signature = Signature(any=("too many requests",), about=("stripe",), not_from=("shopify", "mysql"))
    matcher = Matcher([playbook.model_copy(update={"id": "limited", "match": signature})], SHARED)
    return lambda text: matcher.match(Alert(text)) is not None


def test_about_asks_for_the_name_of_a_system_anywhere(limited: Ask) -> None:
    """The system may be named before or after the error; without its name the playbook is silent."""
    assert limited("stripe: Too many requests")
    assert limited("Too many requests\nfor url: https://api.stripe.com/v1/charges")
    assert not limited("Too many requests")


def test_not_from_takes_the_match_back_by_any_of_its_names(limited: Ask) -> None:
    """One name of one such system is enough, also beside the right one."""
    assert not limited("stripe sync of acme.myshopify.com: too many requests")
    assert not limited("stripe rows into mysql: too many requests")


def test_a_playbook_about_nothing_answers_for_every_system(playbook: Playbook) -> None:
    """`about` and `not_from` are conditions only where they are written."""
    plain = playbook.model_copy(update={"match": Signature(any=("too many requests",))})
    assert Matcher([plain], SHARED).match(Alert("shopify: too many requests")) is not None


def test_what_an_unknown_alert_holds_is_read_all_the_same(playbook: Playbook) -> None:
    """Which status or task an alert names is worth knowing where no playbook answers, too."""
    matcher = Matcher([playbook], SHARED)
    assert matcher.match(Alert("nobody knows this: HTTP 403")) is None
    assert matcher.entities(Alert("nobody knows this: HTTP 403")) == {"http_status": "403"}
    assert matcher.entities(Alert("HTTP 999")) == {}
