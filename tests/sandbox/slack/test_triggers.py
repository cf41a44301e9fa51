"""Trigger ids: whose they are, and how many are kept."""

from bot.sandbox.slack.triggers import KEPT, Triggers


def test_a_used_trigger_says_so_even_when_it_is_old(denied):
    """Used is told before expired; a refused try does not use one up."""
    triggers = Triggers(3.0)
    used, late = (triggers.issue("U1", "A1", 0.0) for _ in range(2))
    triggers.spend(used, "A1", 1.0)
    assert denied(triggers.spend, used, "A1", 9.0).code == "exchanged_trigger_id"
    assert denied(triggers.spend, late, "A1", 3.1).detail == "a trigger id dies after 3 s"
    assert triggers.spend(late, "A1", 3.0) == "U1"


def test_triggers_are_told_apart(denied):
    """Each id is its own person's; an unknown one is nobody's."""
    triggers = Triggers(3.0)
    first, second = triggers.issue("U1", "A1", 0.0), triggers.issue("U2", "A1", 0.0)
    assert (first != second, triggers.spend(second, "A1", 0.0), triggers.spend(first, "A1", 0.0)) == (True, "U2", "U1")
    assert denied(triggers.spend, "1.2.3", "A1", 0.0).detail == "'1.2.3' was never issued to A1"


def test_only_the_newest_are_kept(denied):
    """Their number is bounded; the oldest goes first."""
    triggers = Triggers(3.0)
    issued = [triggers.issue("U1", "A1", 0.0) for _ in range(KEPT + 1)]
    assert denied(triggers.spend, issued[0], "A1", 0.0).code == "invalid_trigger_id"
    assert triggers.spend(issued[1], "A1", 0.0) == "U1"
