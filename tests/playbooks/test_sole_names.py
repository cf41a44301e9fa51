"""The only name of a sentence is what the playbook is about; two names, or a known one, tell nothing."""

import pytest

from bot.alerts.alert import Alert
from bot.app.books import load_library
from bot.flow.library import Library
from bot.playbooks.shared import CommonEntity
from bot.playbooks.sole_names import LONGEST, find_sole_name

TABLE = CommonEntity(type="table", sole=(r"\b(?P<table>[a-z]+_\w+(?:\.\w+)?)\b",), sole_never=("_at$",))


@pytest.mark.parametrize(
    ("text", "known", "name"),
    [
        ("is map_pins late?", {}, "map_pins"),
        ("map_pins, and map_pins again", {}, "map_pins"),
        ("map_pins or map_roads", {}, ""),
        ("map_pins loaded by load_pins", {"task_id": "load_pins"}, "map_pins"),
        ("map_pins is late", {"dag_id": "MAP_PINS"}, ""),
        ("map_pins is late", {"table": "core.map_pins"}, ""),
        ("its loaded_at is old", {}, ""),
        ("nothing came", {}, ""),
        ("map_pins\nis\nlate", {}, ""),
        ("map_pins " + "x" * LONGEST, {}, ""),
    ],
)
def test_the_only_free_name_of_a_sentence_is_taken(text: str, known: dict[str, str], name: str) -> None:
    """Twice the same is one; a value of another entity, a long text and a word of `sole_never` give none."""
    assert find_sole_name("table", TABLE, text.encode(), known) == name


def test_what_has_no_look_is_not_guessed() -> None:
    """An entity without `sole` is read only where something tells it."""
    assert find_sole_name("table", CommonEntity(type="table"), b"is map_pins late?", {}) == ""


@pytest.fixture(scope="module")
def library() -> Library:
    """The playbooks that ship."""
    return load_library(None)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("could someone check map_pins, I don't see anything newer than yesterday noon", "table", "map_pins"),
        ("shop api dropped the attribute pin_colour, payload v7", "column", "pin_colour"),
        ("map_refresh is late again, finance waits, sla is 7", "dag_id", "map_refresh"),
        ("hey team, map_refresh failed this morning in airflow, anyone on it?", "dag_id", "map_refresh"),
    ],
)
def test_people_name_what_an_incident_is_about(text: str, name: str, value: str, library: Library) -> None:
    """Playbooks say which of their entities that is (`sole: true`)."""
    found = library.match(Alert(text))
    assert found
    assert found.entities[name] == value


@pytest.mark.parametrize(
    "text",
    [
        "push_contacts keeps failing with KeyError since we merged, airflow retried it three times",
        "(Postgrex.Error) ERROR 40P01 (deadlock_detected) deadlock detected",
        "Great Expectations: expect_table_column_count_to_equal failed, observed 14 expected 13",
        "looker explore orders: most recent order_date is 2026-11-17, should be 2026-11-20",
    ],
)
def test_a_task_an_error_and_a_rule_are_no_such_name(text: str, library: Library) -> None:
    """What `sole_never` lists is left alone."""
    found = library.match(Alert(text))
    assert found
    assert not {"dag_id", "table", "column"} & found.entities.keys()
