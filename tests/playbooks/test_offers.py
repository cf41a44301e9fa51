"""A remedy is offered when everything about it is known, and not otherwise."""

from dataclasses import replace
from typing import Any

import pytest

from bot.playbooks.model import Input, Playbook, RemedyOffer
from bot.playbooks.offers import LABEL_LIMIT, build_offer
from bot.playbooks.reply import Approvers, InputField, Verify


@pytest.fixture
def remedy(playbook: Playbook) -> RemedyOffer:
    """Raises a quota to one and a half of what it is."""
    return playbook.remedies["raise"]


@pytest.fixture
def values(all_read: dict[str, Any]) -> dict[str, Any]:
    """A monitor of 50 credits, of which 50.4 are used."""
    return {"monitor": all_read["monitor"].facts}


def test_an_offer_holds_all_that_a_plan_needs(remedy: RemedyOffer, values: dict[str, Any]) -> None:
    """Native arguments, bounded inputs, who approves, and how to see whether it helped."""
    offer = build_offer("raise", remedy, values)
    assert offer is not None
    assert (offer.name, offer.label, offer.remedy) == ("raise", "Raise LOADING_MONITOR", "snowflake.set_credit_quota")
    assert offer.arguments == {"monitor": "LOADING_MONITOR", "quota": 75}
    assert offer.inputs == (InputField("quota", "quota", "number", 75, 50.4, 200),)
    assert offer.approve is Approvers.ONCALL
    assert offer.verify == Verify("monitor", "not result.is_exhausted", 300.0)


def test_when_decides(remedy: RemedyOffer, values: dict[str, Any]) -> None:
    """False means no button; an error in `when` means no button; no `when` means always."""
    calm = {"monitor": replace(values["monitor"], is_exhausted=False)}
    assert build_offer("raise", remedy, calm) is None
    assert build_offer("raise", remedy.model_copy(update={"when": "monitor.nothing"}), values) is None
    assert build_offer("raise", remedy.model_copy(update={"when": ""}), calm) is not None


def test_an_unread_finding_means_no_button(remedy: RemedyOffer) -> None:
    """Nothing is offered on what could not be read."""
    assert build_offer("raise", remedy, {}) is None


@pytest.mark.parametrize(
    "change",
    [
        {"with_": {"monitor": "{{ monitor.nothing }}", "quota": 75}},
        {"with_": {"monitor": "{{ monitor.name if false }}", "quota": 75}},
        {"with_": {"monitor": "{{ none }}", "quota": 75}},
        {"with_": {"monitor": "x", "quota": 40}},
        {"with_": {"monitor": "x", "quota": 201}},
        {"with_": {"monitor": "x", "quota": "75"}},
        {"with_": {"monitor": "x", "quota": True}},
        {"label": "{{ monitor.nothing }}"},
        {"inputs": {"quota": Input(type="number", max="{{ monitor.name }}")}},
        {"inputs": {"absent": Input(type="number")}},
    ],
)
def test_anything_unknown_or_out_of_bounds_means_no_button(
    remedy: RemedyOffer, values: dict[str, Any], change: dict[str, Any]
) -> None:
    """An undefined or empty argument, a value outside its bounds, a number that is none: no button, no error."""
    assert build_offer("raise", remedy.model_copy(update=change), values) is None


def test_a_label_is_plain_and_fits_a_button(remedy: RemedyOffer, values: dict[str, Any]) -> None:
    """Slack allows 75 characters of plain text; a longer one is cut."""
    long = {"monitor": replace(values["monitor"], name="<M>\n" + "x" * 200)}
    offer = build_offer("raise", remedy, long)
    assert offer is not None
    assert offer.label.startswith("Raise <M> xxx")
    assert len(offer.label) == LABEL_LIMIT
