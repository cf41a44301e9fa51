"""Users: locks, expiry, and the addresses that a policy lets in."""

from datetime import timedelta

import pytest

from bot.sandbox.warehouse.users import LOCKED_FOR, MOST_FAILURES, NetworkPolicy, User
from tests.sandbox.warehouse.builders import NOW


@pytest.fixture
def user():
    """A user who never logged in."""
    return User("KIM", "READ", "W")


def test_five_failures_in_a_row_lock_a_user(user):
    """Documented: the fifth locks, for a quarter of an hour to the second; four and a success do not."""
    for _ in range(MOST_FAILURES - 1):
        user.failed(NOW)
    user.succeeded(NOW)
    for _ in range(MOST_FAILURES - 1):
        user.failed(NOW)
    assert not user.is_locked(NOW)
    user.failed(NOW)
    moments = (NOW, NOW + LOCKED_FOR - timedelta(seconds=1), NOW + LOCKED_FOR)
    assert [user.is_locked(at) for at in moments] == [True, True, False]


def test_after_a_lock_failures_count_anew(user):
    """One wrong password after the lock does not lock again."""
    for _ in range(MOST_FAILURES):
        user.failed(NOW)
    later = NOW + LOCKED_FOR
    user.failed(later)
    assert (user.failures, user.is_locked(later)) == (1, False)


@pytest.mark.parametrize(("days", "expired"), [(None, False), (1, False), (0, True), (-1, True)])
def test_a_user_expires(user, days, expired):
    """From the very moment on; without one never."""
    user.expires_at = None if days is None else NOW + timedelta(days=days)
    assert user.is_expired(NOW) is expired


def test_a_success_is_remembered(user):
    """The time of the last log-in, and no failures any more."""
    user.failed(NOW)
    user.succeeded(NOW)
    assert (user.failures, user.last_success) == (0, NOW)


ADDRESSES = [
    (("127.0.0.1",), "127.0.0.1", True),
    (("127.0.0.1",), "127.0.0.2", False),
    (("10.0.0.0/8", "127.0.0.0/8"), "127.1.2.3", True),
    (("10.1.2.3/8",), "10.9.9.9", True),
    (("::1",), "127.0.0.1", False),
    (("::1",), "::1", True),
    ((), "127.0.0.1", False),
]


@pytest.mark.parametrize(("allowed", "address", "let_in"), ADDRESSES)
def test_a_policy_lets_its_addresses_in(allowed, address, let_in):
    """Single addresses and networks of either family; an empty list lets nobody in."""
    assert NetworkPolicy("P", allowed).allows(address) is let_in
