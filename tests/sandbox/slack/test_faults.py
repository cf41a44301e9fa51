"""Faults: which spec makes sense, and which calls a rule strikes."""

import pytest

from bot.sandbox.slack.faults import CALL_FAULTS, DELIVERY_FAULTS, SOCKET_FAULTS, Faults

BAD = [
    ({}, "kind None is none of"),
    ({"kind": "status", "every": 0}, "every must be a number from 1, got 0"),
    ({"kind": "status", "every": "2"}, "every must be a number from 1, got '2'"),
    ({"kind": "status", "every": True}, "every must be a number from 1, got True"),
    ({"kind": "status", "every": None}, "every must be a number from 1, got None"),
    ({"kind": "status", "times": 0}, "times must be a number from 1, got 0"),
    ({"kind": "status", "status": 404}, "status must be a number from 500, got 404"),
    ({"kind": "ratelimited", "retry_after": -1}, "retry_after must be a number from 0, got -1"),
    ({"kind": "delay", "seconds": "1"}, "seconds must be a number from 0, got '1'"),
    ({"kind": "delay", "secs": 1, "colour": 2}, "unknown fields colour, secs"),
]


@pytest.mark.parametrize(("spec", "said"), BAD)
def test_a_fault_that_makes_no_sense_is_refused(denied, spec, said):
    """The refusal says which field and what it got; nothing is set."""
    faults = Faults()
    refusal = denied(faults.set, spec)
    assert (refusal.code, said in refusal.detail, faults.rules()) == ("invalid_fault", True, [])


def test_the_first_rule_that_hits_is_taken():
    """Rules are tried in the order in which they were set; a spent one makes way for the next."""
    faults = Faults()
    faults.set({"kind": "api_error", "error": "a", "times": 1})
    faults.set({"kind": "api_error", "error": "b"})
    struck = [faults.strike(CALL_FAULTS, "auth.test") for _ in range(3)]
    assert [one.error for one in struck] == ["a", "b", "b"]
    assert [(rule.seen, rule.struck) for rule in faults.rules()] == [(1, 1), (2, 2)]


def test_kinds_do_not_meet():
    """A fault of deliveries leaves calls and sockets alone, and is not counted by them."""
    faults = Faults()
    rule = faults.set({"kind": "lose_delivery", "method": "message"})
    assert faults.strike(CALL_FAULTS | SOCKET_FAULTS, "message") is None
    assert (rule.seen, faults.strike(DELIVERY_FAULTS, "message")) == (0, rule)


@pytest.mark.parametrize(("every", "times", "hits"), [(1, None, [1, 2, 3, 4, 5, 6]), (3, None, [3, 6]), (2, 2, [2, 4])])
def test_every_and_times_choose_the_calls(every, times, hits):
    """Each n-th match is hit, until there were so many."""
    faults = Faults()
    faults.set({"kind": "drop", "every": every, "times": times})
    assert [n for n in range(1, 7) if faults.strike(CALL_FAULTS, "auth.test")] == hits


def test_clearing_an_unknown_fault_clears_nothing():
    """An id that is gone already is no error."""
    faults = Faults()
    rule = faults.set({"kind": "drop"})
    assert [faults.clear(rule.id + 1), faults.clear(rule.id), faults.clear(rule.id), faults.clear()] == [0, 1, 0, 0]
