"""Labelled values are found where a message marks them, and nowhere else."""

import pytest

from bot.alerts.labels import heading, labelled

LABELLED = {
    "*DAG:* orders": {"dag": "orders"},
    "*DAG*: `orders`": {"dag": "orders"},
    "• *Task ID* : extract": {"task id": "extract"},
    "`Error` : HTTPError: 429": {"error": "HTTPError: 429"},
    " • *alertname:* `DiskFull`": {"alertname": "DiskFull"},
    "*Model:* m | *Env:* prod | *Status:* error": {"model": "m", "env": "prod", "status": "error"},
    "*Result:* a | b": {"result": "a"},
    "*bold* words: no label": {},
    "plain: value": {},
    "*Empty:*": {},
    "**Firing**": {},
    "*:* x": {},
    "*a\nb:* x": {},
    "": {},
}


@pytest.mark.parametrize(("text", "fields"), LABELLED.items(), ids=repr)
def test_marked_names_with_a_colon_are_labels(text: str, fields: dict[str, str]) -> None:
    """A bold, code or italic name with a colon at the start of a line or column labels what follows it."""
    assert {label.name: label.value for label in labelled(text)} == fields


def test_heading_labels_the_lines_below() -> None:
    """In a field of a section the bold first line is the label, with or without a colon."""
    found = heading("*Table*\nanalytics.fct\n")
    assert found is not None
    assert (found.name, found.value) == ("table", "analytics.fct")
    assert heading("*Owner:* kim") is not None
    assert heading("*Subscribers*") is None
    assert heading("no label\nvalue") is None


def test_names_have_a_bound() -> None:
    """A bold sentence is no label."""
    assert list(labelled(f"*{'x' * 80}:* value")) == []
