"""Playbooks hold together what they promise one by one."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.playbooks.catalogue import Catalogue
from bot.playbooks.load import check

Write = Callable[..., Path]


def messages(folder: Path, catalogue: Catalogue) -> list[str]:
    """What is wrong, as `line: message`."""
    return [f"{problem.line}: {problem.message}" for problem in check(folder, catalogue)]


def test_an_example_must_be_answered_by_its_own_playbook(write: Write, text: str, catalogue: Catalogue) -> None:
    """One that nothing answers, and one that is silenced, are told at their line."""
    told = messages(write(suspended_warehouse=text.replace("the warehouse etl_wh is", "the lake etl_wh is")), catalogue)
    assert told == ["37: this text should be answered by suspended_warehouse, but nothing answers it"]


def test_a_near_miss_must_be_ignored_by_all(write: Write, text: str, catalogue: Catalogue) -> None:
    """A text that should be ignored names who answers it."""
    told = messages(
        write(suspended_warehouse=text.replace("warehouse is big", "warehouse big is suspended")), catalogue
    )
    assert told == ["38: this text should be ignored, but suspended_warehouse answers it"]


def test_an_example_shows_its_entities(write: Write, text: str, catalogue: Catalogue) -> None:
    """The entities beside an example are what the matcher reads from it."""
    told = messages(write(suspended_warehouse=text.replace("{warehouse: ETL_WH}", "{warehouse: OTHER}")), catalogue)
    assert told == ["35: the entity `warehouse` should be `OTHER`, but is `ETL_WH`"]


def test_two_playbooks_of_one_level_may_not_share_an_example(write: Write, text: str, catalogue: Catalogue) -> None:
    """Which one answers would hang on a detail; a wrapper around a cause is no rival."""
    other = text.replace("aliases: [suspended]\n", "").replace("warehouse .?(", "house .?(")
    told = messages(write(other=other), catalogue)
    assert (
        "34: suspended_warehouse matches this text as well: let one take it back with `none`, or differ in `level`"
        in told
    )
    wrapper = other.replace("match:\n", "match:\n  level: wrapper\n")
    assert not [line for line in messages(write(other=wrapper), catalogue) if "as well" in line]


def test_a_playbook_must_render_with_what_its_probes_give(write: Write, text: str, catalogue: Catalogue) -> None:
    """Empty facts have no longest query: a text that names its user without asking is refused when it is loaded."""
    naive = text.replace("{{ running.count }} running.", "{{ running.longest.user }} runs.")
    told = messages(write(suspended_warehouse=naive), catalogue)
    assert len(told) == 1
    assert told[0].startswith("20: with empty facts: could not say what was found because")


def test_a_step_may_not_be_silent(write: Write, text: str, catalogue: Catalogue) -> None:
    """A step with a text says something whatever was found."""
    silent = text.replace("{{ running.count }} running.", "{% if running.count > 99 %}Many.{% endif %}")
    told = messages(write(suspended_warehouse=silent), catalogue)
    assert told == ["20: with empty facts this step says nothing"]


def test_arguments_have_the_types_that_the_probe_wants(write: Write, text: str, catalogue: Catalogue) -> None:
    """A word for a number of days is refused before it is ever sent."""
    wrong = text.replace("{probe: snowflake.running_queries}", "{probe: snowflake.running_queries, with: {days: many}}")
    told = messages(write(suspended_warehouse=wrong), catalogue)
    assert told[0].startswith("15: the argument `days`: Input should be a valid integer")


def test_typical_facts_that_break_a_chain_are_told(write: Write, catalogue: Catalogue) -> None:
    """A diagnostic that typical facts leave stuck is a mistake in the playbook or the probe."""
    state = catalogue.probes["snowflake.warehouse"]
    broken = replace(catalogue, probes=catalogue.probes | {state.name: replace(state, typical=object())})
    told = messages(write(), broken)
    assert any("with typical facts: could not read Snowflake resource monitors" in line for line in told)
