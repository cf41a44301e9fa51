"""Playbooks from the terminal: one answer a line, in order, whatever a line holds; exit codes that scripts rely on."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.errors import EntityError, PlaybookError, UnknownName

TEXT = "extraction of orders timed out"
ANSWER = {"playbook": "blocked", "severity": "P1", "entities": {"table": "orders"}}
SILENCE = {"playbook": None, "severity": None, "entities": {}}


def lines(said: Any) -> list[dict[str, Any]]:
    """Every line that was printed, as JSON."""
    return [json.loads(line) for line in said.out.splitlines()]


@pytest.mark.parametrize("id", ["a", 7, None, {"n": [1]}, "é\ud800", ""], ids=repr)
def test_the_id_comes_back_as_it_was_given(call: Any, id: object) -> None:
    """Of any type, also half a surrogate pair, which JSON allows and UTF-8 does not."""
    said = call("match", input=json.dumps({"id": id, "text": TEXT}))
    assert (said.code, lines(said)) == (0, [{"id": id, **ANSWER}])


def test_answers_come_in_the_order_of_the_lines(call: Any) -> None:
    """Empty lines, blank lines, Windows' line ends and a byte order mark are no lines of their own."""
    asked = [json.dumps({"id": n, "text": text}) for n, text in enumerate([TEXT, "all is well", TEXT])]
    said = call("match", input=("\ufeff" + "\r\n \n\n".join(asked)).encode())
    assert lines(said) == [{"id": 0, **ANSWER}, {"id": 1, **SILENCE}, {"id": 2, **ANSWER}]
    assert call("match", input="").out == ""


def test_a_payload_is_read_as_slack_shows_it(call: Any) -> None:
    """Its blocks count; it wins over a text beside it, and a payload that is null leaves the text."""
    block = {"type": "section", "text": {"type": "mrkdwn", "text": TEXT}}
    asked = [{"payload": {"text": "", "blocks": [block]}, "text": "all is well"}, {"payload": None, "text": TEXT}]
    said = call("match", input="\n".join(map(json.dumps, asked)))
    assert lines(said) == [{"id": None, **ANSWER}] * 2


BAD: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"extraction of orders timed out", "line 2: Expecting value"),
    "no object": (b"[1]", "line 2: an object with `id` and `text` or `payload` is needed"),
    "neither": (b'{"id": 1}', "line 2: an object with `id` and `text` or `payload` is needed"),
    "null text": (b'{"text": null}', "line 2: `payload` has to be an object, or `text` a string"),
    "list as text": (b'{"text": ["a"]}', "line 2: `payload` has to be an object, or `text` a string"),
    "text as payload": (b'{"payload": "a"}', "line 2: `payload` has to be an object, or `text` a string"),
    "no UTF-8": (b'{"text": "\xff"}', "line 2: 'utf-8' codec can't decode"),
    "too deep": (b"[" * 100_000, "line 2: maximum recursion depth exceeded"),
}


@pytest.mark.parametrize(("line", "words"), BAD.values(), ids=BAD)
def test_a_bad_line_is_told_and_holds_up_no_other(call: Any, line: bytes, words: str) -> None:
    """Its own answer says which line of the input it was and why, with its id where that can be read; the others are
    answered, and the call ends with 1."""
    good = json.dumps({"id": 1, "text": TEXT}).encode()
    said = call("match", input=b"\n".join([b"", line, good]))
    bad, answer = lines(said)
    assert bad["error"].startswith(words)
    assert bad["id"] == (1 if b'"id": 1' in line else None)
    assert (answer, said.code) == ({"id": 1, **ANSWER}, 1)


def test_show_fills_in_what_was_given(call: Any) -> None:
    """By alias; what is not connected is said under its step, and nothing else is held up by it."""
    said = call("show", "locked", "table=public.orders")
    assert said.code == 0
    assert "blocked  P1  Extraction of public.orders is blocked" in said.out
    assert "table=public.orders" in said.out
    assert "! 1. Who holds the lock?" in said.out
    assert "not connected" in said.out


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (["blokced"], UnknownName, r"`blokced`.* Did you mean blocked or locked\?"),
        (["blocked", "orders"], EntityError, "`orders` is not name=value"),
        (["blocked", "tabel=orders"], UnknownName, r"`tabel`. Did you mean table"),
        (["blocked", "table=; DROP TABLE x"], EntityError, "`; DROP TABLE x` is not a table"),
    ],
    ids=["name", "no pair", "entity", "value"],
)
def test_a_wrong_call_of_show_is_explained(call: Any, arguments: list[str], error: type, words: str) -> None:
    """The name that was meant, the entity that there is, the value that its type refuses."""
    said = call("show", *arguments)
    assert isinstance(said.error, error)
    assert re.search(words, str(said.error))


def test_replay_says_who_answers_and_what_is_true_now(call: Any) -> None:
    """The whole road without Slack."""
    said = call("replay", TEXT)
    assert said.code == 0
    assert "Extraction of orders is blocked" in said.out
    assert "not connected" in said.out


def test_replay_of_an_unknown_text_is_silence(call: Any) -> None:
    """Nothing is read, and a script sees it by the exit code."""
    said = call("replay", "all is well")
    assert (said.code, said.out) == (1, "silence: no playbook recognises this text\n")


def test_check_of_a_folder_that_is_not_there_is_a_wrong_call(call: Any, tmp_path: Path) -> None:
    """Not an empty folder without problems."""
    said = call("check", "--playbooks", str(tmp_path / "nowhere"))
    assert isinstance(said.error, PlaybookError)
    assert "there is no such folder of playbooks" in str(said.error)


def test_playbooks_that_break_a_rule_end_with_1(call: Any, book: Path) -> None:
    """`check` tells each problem with its place; `match` refuses to work with them."""
    text = (book / "blocked.yml").read_text(encoding="utf-8").replace("severity: P1", "severity: P9")
    (book / "blocked.yml").write_text(text, encoding="utf-8")
    said = call("check")
    assert said.code == 1
    assert "blocked.yml:2" in said.out
    assert said.out.splitlines()[-1].endswith("1 problem")
    assert isinstance(call("match", "--text", TEXT).error, PlaybookError)


CASE = """\
cases:
  - title: somebody waits
    alert: extraction of orders timed out
    findings: {locks: {deadlocks: 2}}
    says: {1: %s deadlocks}
    offers: {}
  - title: nobody waits
    alert: extraction of items timed out
    findings: {locks: {deadlocks: 0}}
    says: {1: 0 deadlocks}
    offers: {}
"""


def test_cases_that_pass_are_counted(call: Any, book: Path) -> None:
    """What ran and what failed, in one line."""
    (book / "blocked.test.yml").write_text(CASE % 2, encoding="utf-8")
    said = call("test")
    assert (said.code, said.out) == (0, "2 cases: 0 failed\n")


@pytest.mark.parametrize("status", ["stable", "draft"])
def test_running_no_case_at_all_is_no_success(call: Any, book: Path, status: str) -> None:
    """A folder whose cases went missing must not look as if they had passed, whatever it asks of its playbooks."""
    text = (book / "blocked.yml").read_text(encoding="utf-8").replace("status: stable", f"status: {status}")
    (book / "blocked.yml").write_text(text, encoding="utf-8")
    said = call("test")
    assert said.code == 1
    assert said.out.splitlines()[-1].startswith("0 cases: ")


def test_a_failed_case_is_named(call: Any, book: Path) -> None:
    """File and line of the case, what was said instead, exit 1."""
    (book / "blocked.test.yml").write_text(CASE % 3, encoding="utf-8")
    said = call("test")
    assert said.code == 1
    assert "blocked.test.yml:" in said.out
    assert "2 deadlocks" in said.out
    assert said.out.endswith("2 cases: 1 failed\n")


def test_serve_takes_one_way_or_the_other(call: Any) -> None:
    """Both at once is a wrong call: exit 2, nothing is opened."""
    assert call("serve", "--socket", "--http").code == 2
