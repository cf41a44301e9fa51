"""A message as Slack sends it is read as a person sees it, whole records first, then the joins and the bounds."""

import json
from pathlib import Path
from time import thread_time

import pytest

from bot.alerts.alert import Alert, Link
from bot.alerts.extraction import LONGEST, MOST_FIELDS, MOST_LINKS, read_alert
from bot.alerts.repetition import squashed

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))
# These payloads are abridged: what the tool's title or fields say besides is not in them.
ABRIDGED = (":x: Run #", "Started: ", "Assigned: ")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_recorded_messages_keep_their_words(path: Path) -> None:
    """Every line that a person saw in a recorded message is in the text, and every entity of it, letter for letter."""
    case = json.loads(path.read_text())
    alert = read_alert(case["payload"])
    lines = [line for line in case["text"].split("\n") if not line.startswith(ABRIDGED)]
    assert [line for line in lines if squashed(line) not in squashed(alert.text)] == []
    assert [value for value in case["entities"].values() if value not in alert.text] == []


def test_message_ids_are_kept() -> None:
    """Channel, ts, thread and author come from the event; a bot's id goes before a user's."""
    event = {"channel": "C1", "ts": "2.1", "thread_ts": "1.1", "bot_id": "B1", "user": "U1", "text": "down"}
    assert read_alert(event) == Alert("down", channel="C1", ts="2.1", thread_ts="1.1", author="B1")


def test_text_that_blocks_repeat_stands_once() -> None:
    """The same words in `text` and in a rich_text block give one line."""
    section = {
        "type": "rich_text_section",
        "elements": [{"type": "text", "text": "dbt run fails", "style": {"code": True}}],
    }
    event = {"text": "`dbt run fails`", "blocks": [{"type": "rich_text", "elements": [section]}]}
    assert read_alert(event).text == "`dbt run fails`"


def test_blocks_that_say_more_than_text_win() -> None:
    """A one-line fallback that the blocks hold anyway is not repeated above them."""
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Task failed*\nDAG: `orders`"}}]
    assert read_alert({"text": "Task failed", "blocks": blocks}).text == "*Task failed*\nDAG: `orders`"


def test_text_that_holds_everything_stands_alone() -> None:
    """Where `text` says all that the blocks say, and more, the blocks are not repeated below it."""
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "DAG `orders`"}}]
    assert read_alert({"text": "Task failed: DAG `orders`", "blocks": blocks}).text == "Task failed: DAG `orders`"


def test_text_that_blocks_lack_is_kept_above_them() -> None:
    """What only `text` says stays, line by line."""
    blocks = [{"type": "section", "text": {"type": "plain_text", "text": "See the log\nOwner: kim"}}]
    text = read_alert({"text": "See the log\ndeadlock detected", "blocks": blocks}).text
    assert text == "deadlock detected\nSee the log\nOwner: kim"


def test_labels_are_collected_from_text_blocks_and_attachments() -> None:
    """Labels of mrkdwn lines, section fields and attachment fields are kept lower-cased; the first of a name wins."""
    event = {
        "text": "• *DAG:* `orders`\n*Env:* prod | *Status:* error\nplain: not a label",
        "blocks": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "*Table*\nanalytics.fct"}]}],
        "attachments": [{"fields": [{"title": "Owner", "value": "`kim`"}, {"title": "DAG", "value": "second"}]}],
    }
    fields = read_alert(event).fields
    assert fields == {"dag": "second", "table": "analytics.fct", "owner": "kim", "env": "prod", "status": "error"}


def test_links_are_listed_in_order_and_once() -> None:
    """Every link of text, blocks and attachments is listed with its label, the same one once."""
    event = {
        "text": "<https://a.test|log> <https://a.test|log>",
        "attachments": [{"title": "Run", "title_link": "https://b.test"}],
    }
    assert read_alert(event).links == (Link("log", "https://a.test"), Link("Run", "https://b.test"))


def test_metadata_payload_is_handed_on() -> None:
    """A producer's structured payload travels as it is."""
    event = {"text": "x", "metadata": {"event_type": "dag_failed", "event_payload": {"dag_id": "orders"}}}
    assert read_alert(event).metadata == {"dag_id": "orders"}


def test_length_fields_and_links_are_bounded() -> None:
    """However much a message holds, the alert keeps to its limits."""
    sections = [
        {"type": "section", "text": {"type": "mrkdwn", "text": f"*n{i}:* <https://x.test/{i}|{'y' * 50}>"}}
        for i in range(600)
    ]
    alert = read_alert({"text": "x" * 60_000, "blocks": sections})
    assert len(alert.text) == LONGEST
    wide = read_alert({"blocks": sections[:300]})
    assert len(wide.links) <= MOST_LINKS
    assert len(wide.fields) <= MOST_FIELDS


HOSTILE = (
    None,
    1,
    -1.5,
    True,
    "",
    "<",
    [],
    [None],
    [[]],
    {},
    {"type": 1},
    {"elements": 3},
    [{"type": None}],
    [{"type": {}}],
)


@pytest.mark.parametrize("value", HOSTILE, ids=repr)
@pytest.mark.parametrize("key", ["text", "blocks", "attachments", "files", "metadata", "channel", "ts", "bot_id"])
def test_wrong_types_are_left_out(key: str, value: object) -> None:
    """No value of any key makes reading fail."""
    assert isinstance(read_alert({key: value}).text, str)


KINDS = ("section", "rich_text", "table", "context", "actions", "image", "header", "markdown", "unheard_of")


@pytest.mark.parametrize("value", HOSTILE, ids=repr)
@pytest.mark.parametrize("kind", KINDS)
def test_wrong_types_inside_blocks_are_left_out(kind: str, value: object) -> None:
    """No value inside a block of any kind makes reading fail, in the message or in an attachment."""
    block = {"type": kind} | dict.fromkeys(
        ("text", "fields", "elements", "rows", "title", "accessory", "alt_text"), value
    )
    attachment = {"blocks": [block], "fields": value, "actions": value, "message_blocks": value, "title": value}
    assert isinstance(read_alert({"blocks": [block], "attachments": [attachment]}).text, str)


def test_deep_nesting_ends() -> None:
    """A list nested a thousand times is cut instead of exhausting the stack."""
    element: dict[str, object] = {"type": "rich_text_section", "elements": [{"type": "text", "text": "deep"}]}
    for _ in range(1000):
        element = {"type": "rich_text_list", "elements": [element]}
    attachment: dict[str, object] = {"text": "deep"}
    for _ in range(1000):
        attachment = {"message_blocks": [{"message": {"attachments": [attachment]}}]}
    event = {"text": "top", "blocks": [{"type": "rich_text", "elements": [element]}], "attachments": [attachment]}
    assert read_alert(event).text == "top"


@pytest.mark.parametrize("filler", ["<", "<!date^", "* ", "*a", "&amp;", "a\n", " ", "<http://", "|"])
def test_hostile_text_is_read_in_linear_time(filler: str) -> None:
    """A message of one repeated fragment takes well under a second (it takes about 50 ms)."""
    text = filler * (40_000 // len(filler))
    started = thread_time()
    read_alert({"text": text, "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text[:-1] + "z"}}]})
    assert thread_time() - started < 1.0


LEAK = "postgres://etl:hunter2@db/x"


@pytest.mark.parametrize(
    "event",
    [
        {"text": f"<https://etl:hunter2@x.test/log|{LEAK}>"},
        {"attachments": [{"fields": [{"title": "Password", "value": "hunter2"}]}]},
        {"attachments": [{"fields": [{"title": "Error", "value": f"cannot reach {LEAK}"}]}]},
        {"blocks": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "*Token:* hunter2"}]}]},
        {"blocks": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "*Password*\n`hunter2`"}]}]},
        {"text": "*Secret*: `hunter2`"},
        {"metadata": {"event_payload": {"password": "hunter2", "url": LEAK, "all": [{"url": LEAK}]}}},
    ],
    ids=["link", "field", "field's value", "label", "label above", "marked", "metadata"],
)
def test_no_part_of_an_alert_holds_a_secret(event: dict[str, object]) -> None:
    """Entities are read from fields, links and metadata, and stand on the card and in the log."""
    assert "hunter2" not in repr(read_alert({"text": "failed", **event}))


def test_what_is_no_secret_stays_in_fields_links_and_metadata() -> None:
    """Names and addresses are what entities are made of."""
    url = "https://airflow.test/log?dag_id=a&task_id=refresh_token&try_number=1"
    fields = [{"title": "DAG", "value": "a.b"}, {"title": "Tries", "value": "2"}]
    event = {"text": f"<{url}|log>", "attachments": [{"fields": fields}], "metadata": {"event_payload": {"n": 1}}}
    alert = read_alert(event)
    assert [link.url for link in alert.links] == [url]
    assert alert.fields == {"dag": "a.b", "tries": "2"}
    assert alert.metadata == {"n": 1}
