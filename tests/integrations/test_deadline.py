"""How much time one read or change has left, over all the calls that it makes."""

import pytest

from bot.errors import Unreachable
from bot.integrations.deadline import LEAST_S, Deadline


class Clock:
    """Stands still until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_all_calls_share_the_time() -> None:
    """The second gets what the first has left."""
    clock = Clock()
    deadline = Deadline("shop", 5.0, clock)
    assert deadline.left() == 5.0
    clock.now += 3.5
    assert deadline.left() == 1.5


@pytest.mark.parametrize("left", [LEAST_S, LEAST_S / 2, 0.001])
def test_a_call_that_begins_just_before_the_end_still_gets_a_moment(left: float) -> None:
    """Drivers take a timeout of zero for none at all."""
    clock = Clock()
    deadline = Deadline("shop", 5.0, clock)
    clock.now += 5.0 - left
    assert deadline.left() == LEAST_S


@pytest.mark.parametrize("late", [0.0, 0.001, 99.0])
def test_once_it_is_over_nothing_is_begun(late: float) -> None:
    """At the very end too; the error says how long there was, as a person writes it."""
    clock = Clock()
    deadline = Deadline("shop", 2.5, clock)
    clock.now += 2.5 + late
    with pytest.raises(Unreachable, match=r"^shop: did not answer within 2\.5 s$"):
        deadline.left()


def test_no_time_at_all_is_over_at_once() -> None:
    """A scope of zero seconds."""
    with pytest.raises(Unreachable, match=r"did not answer within 0 s"):
        Deadline("shop", 0.0, Clock()).left()
