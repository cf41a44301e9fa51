"""Each step with its finding, in the room that a card has: a table is shown whole or said to be left out."""

from typing import Any

import pytest

from bot.playbooks.reply import Chart, ChartKind, Point, StepState, Table
from bot.sandbox.slack.block_kit import validate_message
from bot.slack.charts import Forms
from bot.slack.detail import LEVELS, Detail
from bot.slack.elements import LONGEST_SECTION, Block
from bot.slack.steps import Shown, has_more_rows, write_step, write_steps

FULL = LEVELS[0]
ALL = Shown("inc-7", {"raise_quota", "cancel"})


def rows(count: int, width: int = 3) -> Table:
    """A table of that many rows."""
    return Table(("user", "credits"), tuple(("u" * width, str(n)) for n in range(count)))


def blocks(*steps: Any, shown: Shown = ALL, detail: Detail = FULL) -> list[Block]:
    """The steps' blocks, which Slack would take."""
    made = list(write_steps(steps, shown, detail))
    assert validate_message(made or [{"type": "divider"}]) == []
    return made


def buttons(made: list[Block]) -> list[tuple[str, str]]:
    """Label and action id of every button."""
    every = [one for block in made if block["type"] == "actions" for one in block["elements"]]
    return [(one["text"]["text"], one["action_id"]) for one in every]


@pytest.mark.parametrize(
    ("state", "text", "lines"),
    [
        (StepState.PLAIN, "Ask them.", ["*1. Who?*", "Ask them."]),
        (StepState.READ, " 3 sessions \n", ["*1. Who?*", "3 sessions"]),
        (StepState.READ, "", ["*1. Who?*"]),
        (StepState.LOOKING, "", ["*1. Who?* :hourglass_flowing_sand:", "_looking …_"]),
        (StepState.LOOKING, "2 of 3", ["*1. Who?* :hourglass_flowing_sand:", "2 of 3"]),
        (StepState.UNREAD, "", ["*1. Who?* :warning:", "_it is down_"]),
    ],
)
def test_a_step_says_how_far_its_finding_is(make: Any, state: StepState, text: str, lines: list[str]) -> None:
    """Words that are there already stand in the place of "looking"."""
    unread = ("it is down",) if state is StepState.UNREAD else ()
    step = make.step(title="Who?", state=state, text=text, unread=unread)
    assert write_step(step, FULL).splitlines() == lines


def test_without_room_only_the_title_and_what_failed_stay(make: Any) -> None:
    """What could not be read is never left out for what could."""
    step = make.step(title="Who?", text="many words", unread=("down", "slow"), tables=(rows(1),))
    said = write_step(step, LEVELS[-1]).splitlines()
    assert said[:3] == ["*1. Who?*", "_down_", "_slow_"]
    assert "many words" not in "".join(said)


def test_addresses_in_words_can_be_clicked(make: Any) -> None:
    """Our texts are verbatim, so Slack itself would not link them."""
    assert "<https://x.example/a>." in write_step(make.step(text="See https://x.example/a."), FULL)


@pytest.mark.parametrize(("count", "detail", "more"), [(10, 0, False), (11, 0, True), (5, 1, False), (6, 1, True)])
def test_rows_that_are_not_shown_have_a_button(make: Any, count: int, detail: int, more: bool) -> None:
    """It names how many there are in all, and carries incident and step."""
    step = make.step(number=4, tables=(rows(count),))
    assert has_more_rows(step, LEVELS[detail]) is more
    made = blocks(step, detail=LEVELS[detail])
    assert buttons(made) == ([(f"All {count} rows", "rows:4")] if more else [])
    if more:
        assert made[-1]["elements"][0]["value"] == '{"incident":"inc-7","step":"4"}'


def test_a_table_that_does_not_fit_is_left_out_whole(make: Any) -> None:
    """Said once, however many of them do not fit; the next one that fits is shown; their rows have a button."""
    wide = Table(tuple(f"column {n}" for n in range(9)), tuple(("x" * 40,) * 9 for _ in range(10)))
    step = make.step(text="w" * 1_400, tables=(wide, wide, rows(2)))
    said = write_step(step, FULL)
    assert len(said) <= LONGEST_SECTION
    assert said.count("_… a table too long for Slack_") == 1
    assert said.endswith("```\nuser  credits\nuuu   0\nuuu   1\n```")
    assert buttons(blocks(step)) == [("All 22 rows", "rows:1")]


def test_only_offers_of_now_have_a_button(make: Any) -> None:
    """In the playbook's order; the name stands in for a label that is lacking; a hostile label calls nobody."""
    offers = (make.offer(name="gone"), make.offer(name="cancel", label=""), make.offer(label="Raise <!here>"))
    made = blocks(make.step(offers=offers))
    assert buttons(made) == [("cancel", "offer:cancel"), ("Raise &lt;!here&gt;", "offer:raise_quota")]
    assert made[-1]["elements"][0]["value"] == '{"incident":"inc-7","offer":"cancel"}'
    assert buttons(blocks(make.step(offers=offers), shown=Shown("inc-7"))) == []


def test_a_chart_stands_below_its_first_step_only(make: Any) -> None:
    """Two steps may show the same one; Slack is shown it once."""
    chart = Chart(ChartKind.BAR, "Hours", (Point("a", 1.0), Point("b", 2.0)))
    step = make.step(charts=(chart, chart), offers=(make.offer(),))
    shown = Shown("inc-7", {"raise_quota"}, Forms().draw([chart]))
    kinds = [block["type"] for block in blocks(step, make.step(number=2, charts=(chart,)), shown=shown)]
    assert kinds == ["section", "data_visualization", "actions", "section"]


@pytest.mark.parametrize(
    ("count", "last"),
    [
        (3, "section"),
        (4, "_… 1 more step; `/runbook` shows them all_"),
        (9, "_… 6 more steps; `/runbook` shows them all_"),
    ],
)
def test_steps_that_are_left_out_are_counted(make: Any, count: int, last: str) -> None:
    """Nobody takes half a runbook for the whole."""
    made = blocks(*(make.step(number=n) for n in range(1, count + 1)), detail=LEVELS[-2])
    assert len(made) == min(count, 3) + (count > 3)
    assert last in (made[-1]["type"], str(made[-1].get("elements", [{}])[0].get("text")))


def test_a_runbook_without_steps_is_nothing() -> None:
    """A case that somebody opened for a remedy has none."""
    assert blocks() == []
