"""Charts over the wire: the bot's own client against a stand-in that is as strict as Slack."""

from typing import Any

import pytest

from bot.playbooks.reply import Chart, ChartKind, Point

CHARTS = (
    Chart(ChartKind.BAR, "Hours old", (Point("REVENUE", 55.5, 24.0), Point("EMPTY", None, 24.0)), "h", "target"),
    Chart(ChartKind.LINE, "Credits this month", tuple(Point(f"{day} Nov", 2.0 * day, 50.0) for day in range(1, 29))),
)


@pytest.fixture
def standin_settings(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A workspace that knows chart blocks or not, and takes a moment over uploads."""
    return {"file_processing": 0.3, "unknown_blocks": () if request.param else ("data_visualization",)}


@pytest.mark.parametrize(
    ("standin_settings", "first"), [(True, "data_visualization"), (False, "image")], indirect=["standin_settings"]
)
async def test_charts_stand_in_the_thread(wire: Any, make: Any, first: str) -> None:
    """The card is there at once; what Slack does not draw becomes a picture, uploaded once for many edits."""
    alert = await wire.act("say", "C0ALERTS", "the dashboard is stale", user="U0ONCALL")
    steps = [make.step(number=at, charts=(chart,), offers=()) for at, chart in enumerate(CHARTS, 1)]
    card = make.card(reply=make.reply(*steps), alert_ts=alert, card_ts="")
    ts = await wire.front.desk.show(card)

    def blocks() -> list[str]:
        (shown,) = [one for one in wire.people.messages("C0ALERTS", alert) if one["ts"] == ts]
        return [block["type"] for block in shown["blocks"]]

    assert len(await wire.act("messages", "C0ALERTS", alert)) == 2
    await wire.see(lambda: (blocks()[3], blocks()[5]) == (first, "image"), 8.0)
    uploaded = await wire.act("calls", "files.completeUploadExternal")
    edited = make.card(reply=make.reply(*steps, summary="edited"), alert_ts=alert, card_ts=ts)
    await wire.front.desk.show(edited)
    assert await wire.act("calls", "files.completeUploadExternal") == uploaded
    assert await wire.see(lambda: (blocks()[3], blocks()[5]) == (first, "image"))
