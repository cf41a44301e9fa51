"""Does the dashboard serve, and which data does it show?"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.integrations.streamlit.client import Answer
from bot.integrations.streamlit.probes.health import Health, health_from, is_well

WELL = Answer(200, b"ok", "text/plain", 2.0)


def note(body: object, content_type: str = "application/json", status: int = 200) -> Health:
    """The facts of a dashboard that is well and leaves this note."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return health_from("https://d", WELL, Answer(status, data, content_type))


@pytest.mark.parametrize(
    ("answer", "well"),
    [
        (Answer(200, b" OK\n"), True),
        (Answer(200, b""), False),
        (Answer(200, b"ok then"), False),
        (Answer(204, b"ok"), False),
        (Answer(0), False),
    ],
)
def test_well_is_streamlits_own_word(answer: Answer, well: bool) -> None:
    """Not any page that comes with 200."""
    assert is_well(answer) is well


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Answer(200, b"<html>"), "something answers there, but it is not Streamlit"),
        (Answer(401), "it answered 401: a login stands before its health check"),
        (Answer(403, b"no"), "it answered 403: a login stands before its health check"),
        (Answer(399), "it answered 399: a login stands before its health check"),
        (Answer(500), "it answered 500"),
        (Answer(503, b"<html>busy"), "it answered 503"),
        (Answer(503, b"no\n healthy upstream"), "it answered 503: no healthy upstream"),
        (Answer(500, b"token=hunter2hunter2"), "it answered 500: token=•••"),
        (Answer(404, b"\xff"), "it answered 404: \ufffd"),
        (Answer(500, b"x" * 9000), "it answered 500: " + "x" * 200),
        (Answer(0, problem="refused by d"), "refused by d"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(answer: Answer, problem: str) -> None:
    """Without markup, without secrets, and never without end."""
    assert health_from("https://d", answer, Answer(0)).problem == problem


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-11-23", datetime(2026, 11, 23, tzinfo=UTC)),
        ("2026-11-23T05:00:00Z", datetime(2026, 11, 23, 5, tzinfo=UTC)),
        ("2026-11-23T05:00:00", datetime(2026, 11, 23, 5, tzinfo=UTC)),
        ("2026-11-23 07:00:00+02:00", datetime(2026, 11, 23, 5, tzinfo=UTC)),
        ("", None),
        ("soon", None),
        ("0001-01-01T00:00:00+14:00", None),
        (20261123, None),
        (True, None),
        (None, None),
        (["2026-11-23"], None),
    ],
)
def test_a_time_is_a_text_in_iso_form(value: Any, moment: datetime | None) -> None:
    """Anything else that an app writes is no time."""
    found = note({"read_at": value, "newest": value})
    assert (found.read_at, found.newest) == (moment, moment)


@pytest.mark.parametrize(
    "left",
    [
        note([1]),
        note("x"),
        note({}),
        note(b"{"),
        note(b"[" * 60_000),
        note({"newest": "2026-11-23"}, "text/html"),
        note({"newest": "2026-11-23"}, status=206),
    ],
)
def test_what_is_no_note_is_none(left: Health) -> None:
    """Another type, another status, no object, brackets by the thousand: the server is well all the same."""
    assert (left.is_healthy, left.tells_last_read, left.newest) == (True, False, None)
