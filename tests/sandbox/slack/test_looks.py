"""What the control API shows of a workspace: threads, ephemerals, views, logs, and bad questions."""

import pytest

from bot.sandbox.slack.looks import Looks, needed, number
from tests.sandbox.slack.builders import MODAL


@pytest.fixture
def see(standin):
    """Look at one thing by its name."""
    looks = Looks(standin).all()
    return lambda name, **query: looks[name](query)


def test_a_thread_is_seen_from_any_of_its_messages(ask, see):
    """The root and all replies, whichever of them was named; without one, the top of the channel."""
    root = ask("chat.postMessage", channel="C0ENG", text="root")["ts"]
    reply = ask("chat.postMessage", channel="C0ENG", text="reply", thread_ts=root)["ts"]
    for ts in (root, reply):
        shown = see("messages", channel="data-eng", thread_ts=ts)["messages"]
        assert [message["text"] for message in shown] == ["root", "reply"]
    assert [message["text"] for message in see("messages", channel="C0ENG")["messages"]] == ["root"]


def test_ephemerals_of_all_channels_come_in_order(ask, see):
    """One person's, oldest first, whatever the channel; nobody else's."""
    for channel, text in (("C0ENG", "a"), ("C0ALERTS", "b"), ("C0ENG", "c")):
        ask("chat.postEphemeral", channel=channel, user="U0LEAD", text=text)
    assert [message["text"] for message in see("ephemerals", user="lee")["messages"]] == ["a", "b", "c"]
    assert see("ephemerals", user="U0ONCALL")["messages"] == []


def test_views_are_seen_with_home(standin, see):
    """The stack with its top last, and the home that was published."""
    first = standin.views.open(standin.bot, "U0LEAD", MODAL)
    second = standin.views.push(standin.bot, "U0LEAD", MODAL)
    home = standin.views.publish(standin.bot, "U0LEAD", {"type": "home", "blocks": []})
    assert see("views", user="lee") == {"views": [first, second], "home": home}
    assert see("views", user="sam") == {"views": [], "home": None}


def test_logs_are_cut_by_number_and_kind(standin, see):
    """`after` is the last number that was seen; a method narrows further."""
    for method in ("auth.test", "chat.update", "auth.test"):
        standin.journal.record_call(method, "x", {}, 200, {}, 0, 0)
    assert [call["number"] for call in see("calls")["calls"]] == [1, 2, 3]
    assert [call["number"] for call in see("calls", method="auth.test", after="1")["calls"]] == [3]
    assert see("deliveries", after="0") == {"deliveries": []}


def test_faults_are_seen_with_their_strikes(standin, see):
    """A spent rule is still shown."""
    standin.faults.set({"kind": "refuse_sockets", "times": 1})
    standin.faults.strike(frozenset({"refuse_sockets"}), "")
    (rule,) = see("faults")["faults"]
    assert (rule["kind"], rule["struck"], rule["times"]) == ("refuse_sockets", 1, 1)


QUESTIONS = [
    ("messages", {}, "missing_argument"),
    ("messages", {"channel": "C0NONE"}, "channel_not_found"),
    ("messages", {"channel": "C0ENG", "thread_ts": "9.9"}, "thread_not_found"),
    ("ephemerals", {"user": "nobody"}, "user_not_found"),
    ("views", {"user": ""}, "missing_argument"),
    ("reactions", {"channel": "C0ENG"}, "missing_argument"),
    ("reactions", {"channel": "C0ENG", "ts": "9.9"}, "message_not_found"),
    ("calls", {"after": "1.5"}, "invalid_argument"),
    ("deliveries", {"after": ""}, "invalid_argument"),
]


@pytest.mark.parametrize(("name", "query", "code"), QUESTIONS)
def test_a_bad_question_is_refused(see, denied, name, query, code):
    """Each look refuses what it cannot find or read."""
    assert denied(see, name, **query).code == code


def test_refusals_of_arguments_say_what_was_given(denied):
    """Who misspelt an argument sees which ones came."""
    assert denied(needed, {"chanel": "x", "a": 1}, "channel").detail == "channel is required; got a, chanel"
    assert denied(needed, {}, "channel").detail == "channel is required; got nothing"
    assert denied(needed, {"channel": 5}, "channel").code == "missing_argument"
    assert denied(number, {"after": None}, "after", 0).detail == "after must be a whole number, got None"
    assert number({}, "after", 7) == 7
