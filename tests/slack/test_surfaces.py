"""The form and the Home tab are views that Slack takes, whatever they hold."""

from dataclasses import replace
from typing import Any

import pytest

from bot.playbooks.reply import InputField
from bot.sandbox.slack.block_kit import validate_view
from bot.slack.clicks import read_click
from bot.slack.home import MOST_SHOWN, build_home
from bot.slack.modals import change_modal, read_inputs

INPUTS = (
    InputField("quota", "Credit quota", "number", 75, 51, 100.5),
    InputField("share", "Share", "number", 0.5),
    InputField("reason", "<!channel> " * 400, "text", "why & how"),
)


def test_form_has_a_field_an_input(make: Any) -> None:
    """Numbers carry their bounds for Slack to check and for people to read; texts are plain fields."""
    view = change_modal(make.plan(inputs=INPUTS), "C1", "1.1")
    assert validate_view(view) == []
    quota, share, reason = view["blocks"]
    assert quota["element"]["min_value"] == "51"
    assert quota["element"]["max_value"] == "100.5"
    assert quota["hint"]["text"] == "at least 51, at most 100.5"
    assert "hint" not in share
    assert reason["element"]["initial_value"] == "why & how"
    assert "<!channel>" not in str(reason["label"])


def test_form_is_read_by_input_name() -> None:
    """Values come back as text; what is no input of ours is left out."""
    values = {"input:quota": {"value": {"value": "80"}}, "input:reason": {"value": {"value": None}}, "x": {}}
    assert read_inputs({"state": {"values": values}}) == {"quota": "80", "reason": ""}
    assert read_inputs({"state": None}) == {}


def test_home_lists_the_newest_first(make: Any) -> None:
    """Open incidents with severity, state, who has it and a link; then how to use the bot."""
    older = make.incident(title="Older | one", acknowledged_by="U0LEAD", alert_ts="2.000100")
    newer = make.incident(title="Newer <!here>", opened_at=older.opened_at.replace(year=2027))
    view = build_home([older, newer], make.identity)
    assert validate_view(view) == []
    said = [block["text"]["text"] for block in view["blocks"] if "text" in block]
    assert said[0] == "2 open incidents"
    assert said[1].startswith("*<https://sandbox.slack.test/archives/C0ALERTS/p11|Newer &lt;!here&gt;>*\nP1 · open")
    assert "p2000100|Older / one>" in said[2]
    assert "<@U0LEAD>" in said[2]


@pytest.mark.parametrize("count", [0, 1, MOST_SHOWN + 300])
def test_home_fits_any_number(make: Any, count: int) -> None:
    """None, one and hundreds of open incidents make a view that Slack takes."""
    view = build_home([make.incident()] * count, replace(make.identity, url=""))
    assert validate_view(view) == []
    assert len(view["blocks"]) <= MOST_SHOWN + 5


@pytest.mark.parametrize(
    "body", [{}, {"user": 1, "actions": [3], "message": None}, {"actions": [{"value": 5}]}], ids=repr
)
def test_odd_clicks_are_explained(body: dict[str, Any]) -> None:
    """A click without our value is answered with what to do, whatever else is missing."""
    from bot.errors import RunbookError

    with pytest.raises(RunbookError, match="use a newer card"):
        read_click(body).said("incident")
