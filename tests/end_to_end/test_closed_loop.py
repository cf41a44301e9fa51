"""The closed loop on the real parts: break → failure → alert → findings → approval → remedy → verified → resolved."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

pytestmark = pytest.mark.end_to_end
ONCALL, BYSTANDER = "U0ONCALL", "U0BYSTANDER"


@dataclass(frozen=True)
class Story:
    """One incident: what breaks, what the real tool's alert says, what the card has to hold, and what ends it."""

    break_: str
    alert: str
    findings: tuple[str, ...]
    offer: str
    command: str
    helped_within_s: float = 180


STORIES = [
    Story(
        break_="postgres-lock",
        alert="statement timeout",
        findings=("checkout-migration", "shop_app", "idle in transaction", "ecommerce_source"),
        offer="offer:terminate",
        command="pg_terminate_backend",
    ),
    Story(
        break_="warehouse-quota",
        alert="cannot be resumed because resource monitor",
        findings=("LOADING_MONITOR", "ANALYST_KIM", "LOADING_WH"),
        offer="offer:raise_quota",
        command="ALTER RESOURCE MONITOR",
    ),
    Story(
        break_="stale-mart",
        alert="ERROR STALE",
        findings=("FCT_DAILY_REVENUE", "ecommerce_daily", "paused"),
        offer="offer:trigger",
        command="POST /api/v2/dags/ecommerce_daily/dagRuns",
        helped_within_s=360,
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.break_)
@pytest.mark.parametrize("mode", ["socket", "http"])
def test_loop_closes(
    mode: str, story: Story, road: Any, start_bot: Callable[..., Any], break_: Callable[[str], Any]
) -> None:
    """A real failure is answered with what is true; the on-call's yes alone runs the remedy; it is seen to help."""
    start_bot(mode)
    before = road.newest()
    with break_(story.break_):
        alert = road.alert(before, story.alert)
        card = road.card(alert["ts"])
        text = road.said(card)
        assert [words for words in story.findings if words not in text] == [], text

        assert story.offer in road.buttons(card), text
        road.press(BYSTANDER, card, story.offer)
        planned = road.card(alert["ts"], story.command)
        road.press(BYSTANDER, planned, "approve")
        refused = road.told(BYSTANDER, "on call")
        assert f"<@{ONCALL}>" in road.said(refused)

        road.press(ONCALL, planned, "approve")
        helped = road.card(alert["ts"], "*: it helped", story.helped_within_s)
        assert f"<@{ONCALL}>" in road.said(helped)
        # "checking whether it helped" stands on the card while the run is under way.
        resolved = road.card(alert["ts"], "esolved", story.helped_within_s)
        assert "resolved" in road.said(resolved).lower()
        road.slack.wait_for(lambda: list(road.slack.reactions("C0ALERTS", alert["ts"])) == ["white_check_mark"], 60)
        assert len(road.cards(alert["ts"])) == 1
