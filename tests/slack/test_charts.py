"""Charts on a card: which form each takes, and that Slack would take it."""

from typing import Any

import pytest

from bot.playbooks.reply import Chart, ChartKind, Point, StepState
from bot.sandbox.slack.block_kit import validate_message
from bot.slack.blocks import build_card, spoken
from bot.slack.charts import Forms, charts_of, digest, native_chart
from bot.slack.elements import size


def make_chart(points: int = 3, **changes: Any) -> Chart:
    """Bars of hours with a target."""
    drawn = tuple(Point(f"MART_{at}", float(at), 24.0) for at in range(points))
    given: dict[str, Any] = {"kind": ChartKind.BAR, "title": "Hours old", "points": drawn, "unit": "h"}
    return Chart(**(given | {"limit_name": "target"} | changes))


def kinds(make: Any, *charts: Chart, forms: Forms | None = None) -> list[str]:
    """The kinds of block that a card with these charts has between its first section and its end."""
    card = make.card(reply=make.reply(make.step(charts=charts)))
    blocks = build_card(card, forms or Forms())[1]
    assert validate_message(blocks) == []
    return [block["type"] for block in blocks[3:-2]]


def test_a_chart_is_slacks_own_block_under_its_step(make: Any) -> None:
    """Values and limit are two series over the same names."""
    assert kinds(make, make_chart()) == ["data_visualization"]
    block = native_chart(make_chart(2))
    assert block["title"] == "Hours old"
    assert block["chart"] == {
        "type": "bar",
        "series": [
            {"name": "h", "data": [{"label": "MART_0", "value": 0.0}, {"label": "MART_1", "value": 1.0}]},
            {"name": "target", "data": [{"label": "MART_0", "value": 24.0}, {"label": "MART_1", "value": 24.0}]},
        ],
        "axis_config": {"categories": ["MART_0", "MART_1"], "y_label": "h"},
    }


def test_gaps_and_missing_limits_are_left_out_of_slacks_block(make: Any) -> None:
    """Slack wants exactly one number a name in each series."""
    chart = make_chart(points=1)
    gapped = make_chart(points=1, limit_name="h")
    with_gap = Chart(ChartKind.LINE, "T", (*chart.points, Point("gap", None), Point("none", 2.0, None)))
    assert len(native_chart(with_gap)["chart"]["series"]) == 1
    assert native_chart(with_gap)["chart"]["axis_config"] == {"categories": ["MART_0", "none"]}
    assert kinds(make, with_gap, gapped) == ["data_visualization"] * 2


@pytest.mark.parametrize(
    ("value", "shown"), [(12.416666, 12.42), (0.00123456, 0.00123), (1234567.891, 1234567.89), (7, 7)]
)
def test_numbers_have_no_more_digits_than_people_read(value: float, shown: float) -> None:
    """Slack writes a number as it is given."""
    block = native_chart(Chart(ChartKind.LINE, "T", (Point("a", value),)))
    assert block["chart"]["series"][0]["data"] == [{"label": "a", "value": shown}]


def test_two_charts_a_message_are_slacks_others_are_written(make: Any) -> None:
    """Slack takes two; a third, or one of more than 20 points, is characters until a picture is there."""
    first, second, third = (make_chart(title=title) for title in "abc")
    assert kinds(make, first, second, third) == ["data_visualization"] * 2 + ["section"]
    assert kinds(make, make_chart(30, kind=ChartKind.LINE)) == ["section"]
    assert kinds(make, first, first) == ["data_visualization"]


def test_pictures_stand_where_slack_has_them(make: Any) -> None:
    """Where Slack refuses its own block, a picture with the chart in words, else characters in a code block."""
    chart = make_chart()
    assert kinds(make, chart, forms=Forms(native=False)) == ["section"]
    assert kinds(make, chart, forms=Forms(False, {digest(chart): "F0123456789"})) == ["image"]
    (image,) = Forms(False, {digest(chart): "F0123456789"}).draw([chart]).values()
    said = ", ".join(f"MART_{at} {at} h (target 24 h)" for at in range(3))
    assert image["alt_text"] == f"Hours old: {said}"


def test_only_what_is_written_lacks_a_picture() -> None:
    """Nothing is uploaded for what Slack draws itself."""
    chart, long = make_chart(), make_chart(30)
    assert Forms().lacking([chart, long]) == [long]
    assert Forms(native=False).lacking([chart, long]) == [chart, long]
    assert Forms(False, {digest(chart): "F1"}).lacking([chart]) == []


def test_charts_of_steps_that_look_may_change(make: Any) -> None:
    """They are shown at once, but no picture is made of them yet."""
    step = make.step(charts=(make_chart(),), state=StepState.LOOKING)
    assert charts_of(make.reply(step)) == [make_chart()]
    assert charts_of(make.reply(step), complete=True) == []


def test_digest_tells_charts_apart() -> None:
    """The same chart has the same digest, another number another."""
    assert digest(make_chart()) == digest(make_chart())
    assert digest(make_chart()) != digest(make_chart(4))


def test_a_card_says_its_charts(make: Any) -> None:
    """Whoever hears the message gets the numbers, escaped, after the headline."""
    card = make.card(reply=make.reply(make.step(charts=(make_chart(1, title="<!channel>"),))))
    said = spoken(card)
    assert said.splitlines()[1] == "&lt;!channel&gt;: MART_0 0 h (target 24 h)"


def test_a_crowded_card_keeps_its_words_before_its_charts(make: Any) -> None:
    """Charts go first when a card is too long for Slack."""
    steps = [make.step(number=at, text="x" * 1_200, charts=(make_chart(20, title=str(at)),)) for at in range(1, 13)]
    blocks = build_card(make.card(reply=make.reply(*steps)))[1]
    assert size(blocks) <= 13_200
    assert "12. Which monitor" in str(blocks)
    drawn = [block for block in blocks if "MART_0" in str(block)]
    assert 1 <= len(drawn) < 12


@pytest.mark.parametrize("kind", ChartKind)
def test_a_written_chart_is_text(make: Any, kind: ChartKind) -> None:
    """Names and titles of a system cannot mention, link or leave the code block."""
    chart = Chart(kind, "<!here>", (Point("<!channel> ```", 1.0),))
    (block,) = Forms(native=False).draw([chart]).values()
    assert "<!" not in block["text"]["text"]
    assert block["text"]["text"].count("```") == 2
