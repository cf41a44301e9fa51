"""A diagnostic is read when what it needs was read."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.playbooks.model import Playbook
from bot.playbooks.needs import find_cycle, needs_of, ready_diagnostics, stuck_diagnostics, texts_in
from bot.playbooks.platform import Platform

Readings = dict[str, Any]


def test_needs_follow_from_the_names_in_the_arguments(playbook: Playbook) -> None:
    """Nobody writes an order down: `{{ state.name }}` needs the finding `state`."""
    assert needs_of(playbook) == {"state": set(), "monitor": {"state"}, "running": set()}


def test_what_needs_nothing_is_ready_at_once(playbook: Playbook, platform: Platform) -> None:
    """Entities and defaults fill the arguments; the dependent one waits."""
    ready = ready_diagnostics(playbook, {"warehouse": "ETL_WH"}, {}, platform)
    assert ready == {
        "state": ("snowflake.warehouse", {"warehouse": "ETL_WH"}),
        "running": ("snowflake.running_queries", {}),
    }
    assert ready_diagnostics(playbook, {}, {}, platform)["state"][1] == {"warehouse": "LOADING_WH"}


def test_a_finding_frees_those_that_wait_for_it(playbook: Playbook, platform: Platform, all_read: Readings) -> None:
    """What was read already is not read again."""
    ready = ready_diagnostics(playbook, {}, {"state": all_read["state"]}, platform)
    assert ready["monitor"] == ("snowflake.resource_monitors", {"warehouse": "LOADING_WH"})
    assert "state" not in ready
    assert ready_diagnostics(playbook, {}, all_read, platform) == {}


def test_a_failed_finding_leaves_those_behind_it_stuck(
    playbook: Playbook, platform: Platform, read: Callable[..., Any]
) -> None:
    """The flow ends, and the reply says why: nothing waits for ever."""
    readings = {"state": read(reason="not connected")}
    assert set(ready_diagnostics(playbook, {}, readings, platform)) == {"running"}
    assert stuck_diagnostics(playbook, {}, readings, platform) == {"monitor": "it needs state, which could not be read"}


def test_being_stuck_travels_down_a_chain(playbook: Playbook, platform: Platform, read: Callable[..., Any]) -> None:
    """Third in a row, written before the second: it is stuck too."""
    chain = playbook.model_dump(by_alias=True)
    chain["diagnostics"] = {
        "third": {"probe": "x.y", "with": {"a": "{{ second.a }}"}},
        "second": {"probe": "x.y", "with": {"a": "{{ first.a }}"}},
        "first": {"probe": "x.y"},
    }
    stuck = stuck_diagnostics(Playbook.model_validate(chain), {}, {"first": read(reason="no")}, platform)
    assert set(stuck) == {"second", "third"}


def test_arguments_that_cannot_be_told_leave_it_stuck(
    playbook: Playbook, platform: Platform, read: Callable[..., Any]
) -> None:
    """A finding that lacks the field that an argument names is a reason, not an error of the flow."""
    readings = {"state": read(facts=object())}
    assert "name" in stuck_diagnostics(playbook, {}, readings, platform)["monitor"]
    assert "monitor" not in ready_diagnostics(playbook, {}, readings, platform)


def test_what_is_optional_is_waited_for_and_then_done_without(
    playbook: Playbook, platform: Platform, read: Callable[..., Any]
) -> None:
    """Only once the optional one has failed are the arguments left out that name it; the others stay."""
    text = playbook.model_dump(by_alias=True)
    named = {"names": ["{{ log.name }}", "kept"], "log": "{{ log }}", "more": {"name": "{{ log.name }}"}, "number": 7}
    text["diagnostics"] = {
        "log": {"probe": "x.log"},
        "failure": {"probe": "x.y", "with": named, "optional": ["log"]},
        "behind": {"probe": "x.y", "with": {"a": "{{ failure.a }}"}},
    }
    cautious = Playbook.model_validate(text)
    assert "failure" not in ready_diagnostics(cautious, {}, {}, platform)
    readings = {"log": read(reason="not connected")}
    assert ready_diagnostics(cautious, {}, readings, platform) == {
        "failure": ("x.y", {"names": ["kept"], "more": {}, "number": 7})
    }
    assert stuck_diagnostics(cautious, {}, readings, platform) == {}


@pytest.mark.parametrize(
    ("needs", "cycle"),
    [({"a": "", "b": "a"}, ()), ({"a": "b", "b": "a", "c": ""}, ("a", "b")), ({"a": "a"}, ("a",))],
)
def test_a_cycle_is_found(needs: dict[str, str], cycle: tuple[str, ...]) -> None:
    """Those that wait for each other are named; a chain is no cycle."""
    assert find_cycle({key: frozenset(names) for key, names in needs.items()}) == cycle


def test_texts_inside_an_argument_are_found_with_their_place() -> None:
    """Lists and mappings are looked into; numbers hold no text."""
    found = list(texts_in({"marts": [{"table": "a"}], "days": 7, "x": "b"}, ("with",)))
    assert found == [(("with", "marts", 0, "table"), "a"), (("with", "x"), "b")]
