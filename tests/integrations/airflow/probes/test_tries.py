"""What each try of a task said about something, side by side."""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import NotFound
from bot.integrations.airflow.probes.tries import (
    LINE_LENGTH,
    LINES,
    TRIES,
    TryLogsArguments,
    read_try_logs,
    try_logs_from,
)
from tests.integrations.airflow.builders import GONE, airflow, instance, instances


def lines_of(*events: Any, containing: tuple[str, ...] = ("429",)) -> Any:
    """The one try of a log with these events."""
    content = [{"timestamp": "2026-11-23T05:01:02Z", "event": event} for event in events]
    return try_logs_from("r1", [instance()], [{"content": content}], containing).tries[0]


@pytest.mark.parametrize(
    ("containing", "matched"),
    [(("429",), 1), (("RATE limit",), 1), (("429", "rate"), 2), (("",), 0), ((), 0), ((".*",), 0), (("", "rate"), 1)],
)
def test_lines_hold_any_of_the_words_as_plain_text(containing: tuple[str, ...], matched: int) -> None:
    """Letters' case aside; nothing asked is nothing found, and a pattern is no pattern."""
    found = lines_of("answered 429", "a Rate Limit", "well", containing=containing)
    assert (found.matched, len(found.lines)) == (matched, matched)


def test_the_last_sixty_are_kept_and_all_are_counted() -> None:
    """A loop that hits its limit says so a thousand times."""
    found = lines_of(*(f"429 number {number}" for number in range(200)))
    assert (found.matched, len(found.lines), found.lines[-1].text) == (200, LINES, "429 number 199")


def test_a_line_is_short_and_without_secrets() -> None:
    """Cut after the secret is hidden, so that half of one never stands at the end."""
    found = lines_of("429 token=hunter2hunter2 " + "x" * 900)
    assert found.lines[0].text.startswith("429 token=••• xxx")
    assert len(found.lines[0].text) == LINE_LENGTH


@pytest.mark.parametrize(
    ("log", "is_kept", "matched"),
    [(None, False, 0), ({}, True, 0), ({"content": None}, True, 0), ({"content": "a\n429\nb"}, True, 1)],
)
def test_a_log_that_is_gone_is_not_an_empty_one(log: dict[str, Any] | None, is_kept: bool, matched: int) -> None:
    """Nor is one without structure."""
    [found] = try_logs_from("r1", [instance()], [log], ["429"]).tries
    assert (found.is_kept, found.matched) == (is_kept, matched)
    assert all(line.at is None for line in found.lines)


def test_the_last_tries_that_have_begun_are_read(scope: Scope) -> None:
    """In their order, however Airflow lists them; one whose log is gone does not spoil the others."""
    rows = [instance(try_number=number) for number in (7, 2, 3, 4, 5, 6, 1)] + [instance(try_number=8, start_date=None)]

    def log(try_number: int, **_: Any) -> Any:
        return GONE if try_number == 4 else {"content": ["429"]}

    client = airflow(get_task_instance_tries=instances(*rows), get_log=log)
    found = read_try_logs(client, TryLogsArguments("d", "t", "r1", ("429",)), scope)
    assert [one.number for one in found.tries] == [3, 4, 5, 6, 7]
    assert len(found.tries) == TRIES
    assert [one.is_kept for one in found.tries] == [True, False, True, True, True]


def test_a_task_that_never_ran_is_told(scope: Scope) -> None:
    """Without a run id the newest is looked up."""
    with pytest.raises(NotFound, match=r"^airflow: d\.t has never run$"):
        read_try_logs(airflow(get_task_instances=instances()), TryLogsArguments("d", "t"), scope)
    client = airflow(get_task_instances=instances(instance(dag_run_id="r9")), get_task_instance_tries=instances())
    assert read_try_logs(client, TryLogsArguments("d", "t"), scope).run_id == "r9"
