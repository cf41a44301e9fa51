"""Whatever is logged, and by whom: one line of the right kind, and no secret in it."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot.alerts.redaction import HIDDEN
from bot.app.logs import configure_logs

SECRET = "postgres://etl:hunter2@db/shop"


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """Logging is global: what a test configured ends with it."""
    root = logging.getLogger()
    before = (root.level, root.handlers[:])
    yield
    root.setLevel(before[0])
    root.handlers[:] = before[1]
    structlog.reset_defaults()


def connect() -> None:
    """Fails as drivers do: with the whole address in its words."""
    raise ConnectionError(SECRET)


def last_line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The newest line for machines."""
    said = capsys.readouterr()
    assert said.out == ""
    line: dict[str, Any] = json.loads(said.err.splitlines()[-1])
    return line


def test_machines_get_one_json_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """With level and time, on standard error: standard output is for results."""
    configure_logs(is_terminal=False)
    structlog.get_logger().info("ready", port=3000, text="two\nlines")
    line = last_line(capsys)
    assert (line["event"], line["level"], line["port"], line["text"]) == ("ready", "info", 3000, "two\nlines")
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    "value",
    [SECRET, [SECRET], (SECRET, "x"), {"url": {"of": SECRET}}, ConnectionError(f"cannot reach {SECRET}")],
    ids=["text", "list", "tuple", "nested", "exception"],
)
@pytest.mark.parametrize("is_terminal", [False, True])
def test_no_field_shows_a_secret(capsys: pytest.CaptureFixture[str], value: object, is_terminal: bool) -> None:
    """However deep it stands, and also where an object is logged that only its renderer makes a text of."""
    configure_logs(is_terminal=is_terminal)
    structlog.get_logger().warning("failed", reason=value)
    said = capsys.readouterr().err
    assert "hunter2" not in said
    assert HIDDEN in said or json.dumps(HIDDEN)[1:-1] in said


@pytest.mark.parametrize("is_terminal", [False, True])
def test_a_traceback_is_logged_without_its_secret(capsys: pytest.CaptureFixture[str], is_terminal: bool) -> None:
    """Whoever reads the log finds the line that broke, not the password that stood in it."""
    configure_logs(is_terminal=is_terminal)
    try:
        connect()
    except ConnectionError:
        structlog.get_logger().exception("a listener failed")
    said = capsys.readouterr().err
    assert "ConnectionError" in said
    assert "test_logs.py" in said
    assert "hunter2" not in said


@pytest.mark.parametrize("is_terminal", [False, True])
def test_libraries_log_in_the_same_shape(capsys: pytest.CaptureFixture[str], is_terminal: bool) -> None:
    """A driver's warning is redacted like our own; what it says below a warning is not kept."""
    configure_logs(is_terminal=is_terminal)
    logging.getLogger("driver").info("chatter")
    logging.getLogger("driver").warning("lost %s", SECRET)
    said = capsys.readouterr().err
    assert "chatter" not in said
    assert "lost postgres://etl:" in said
    assert "hunter2" not in said


def test_numbers_stay_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    """What counts and times is not made a text by the search for secrets."""
    configure_logs(is_terminal=False)
    structlog.get_logger().info("read", took_s=0.25, is_read=True, left=None, names=["a", "b"])
    line = last_line(capsys)
    assert (line["took_s"], line["is_read"], line["left"], line["names"]) == (0.25, True, None, ["a", "b"])
