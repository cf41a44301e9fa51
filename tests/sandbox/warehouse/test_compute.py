"""Warehouses over time: what starts them, what they cost, what a monitor and idleness do to them."""

from datetime import timedelta

import pytest

from bot.sandbox.warehouse.errors import Refusal
from bot.sandbox.warehouse.jobs import Job
from tests.sandbox.warehouse.builders import NOW


@pytest.fixture
def compute(account):
    """The account's compute."""
    return account.compute


@pytest.fixture
def start(account):
    """Start a statement on a warehouse; its job."""

    def run(name="W", user="KIM"):
        job = Job(f"q{len(account.jobs.all())}", None, 1, user, 0)
        account.compute.use(name, job)
        account.jobs.add(job)
        return job

    return run


def spent(account, name="W"):
    """Credits of one warehouse."""
    return account.meter.used([name], NOW - timedelta(days=1))


def finish(account, job):
    """The statement is over."""
    account.jobs.remove(job)
    account.compute.release(job)


@pytest.mark.parametrize(
    ("name", "seconds", "credits"), [("W", 30, 1 / 60), ("W", 60, 1 / 60), ("W", 90, 1.5 / 60), ("FREE", 3600, 4)]
)
def test_a_start_is_billed_a_minute_and_then_by_the_second(account, start, name, seconds, credits):
    """Documented: at least 60 seconds each time, after that exactly, at the size's rate."""
    start(name)
    account.clock.advance(seconds=seconds)
    account.compute.tick()
    account.compute.tick()
    assert spent(account, name) == pytest.approx(credits)


def test_each_resume_is_billed_anew(account, compute):
    """Suspending within the minute gives nothing back."""
    for _ in range(3):
        compute.resume("W", if_suspended=False)
        compute.suspend("W")
    assert spent(account) == pytest.approx(3 / 60)


def test_a_suspend_is_charged_to_its_moment(account, compute):
    """What ran until SUSPEND is paid, and nothing after it."""
    compute.resume("W", if_suspended=False)
    account.clock.advance(minutes=30)
    compute.suspend("W")
    account.clock.advance(minutes=30)
    compute.tick()
    assert spent(account) == pytest.approx(0.5)


def test_a_used_warehouse_is_not_started_again(account, start):
    """A second statement shares the compute and costs nothing of its own."""
    start()
    start()
    assert len(account.meter.charges) == 1


def test_an_idle_warehouse_suspends_after_its_time(account, compute, start):
    """Idle time begins when the last statement ended; while one runs it does not count."""
    job = start()
    account.clock.advance(minutes=10)
    compute.tick()
    assert compute.warehouses["W"].state == "STARTED"
    finish(account, job)
    account.clock.advance(seconds=59)
    compute.tick()
    assert compute.warehouses["W"].state == "STARTED"
    account.clock.advance(seconds=1)
    compute.tick()
    assert compute.warehouses["W"].state == "SUSPENDED"


def test_auto_suspend_of_zero_is_never(account, compute, start):
    """A warehouse that never suspends runs on."""
    compute.warehouses["FREE"].auto_suspend = 0
    finish(account, start("FREE"))
    account.clock.advance(days=1)
    compute.tick()
    assert compute.warehouses["FREE"].state == "STARTED"


def test_without_auto_resume_a_statement_is_refused(account, compute, start):
    """The words name the statement that would help; a resume by hand is allowed."""
    compute.warehouses["W"].auto_resume = False
    with pytest.raises(Refusal, match=r"Warehouse 'W' is suspended\. Use 'alter warehouse W resume;'"):
        start()
    compute.resume("W", if_suspended=False)
    assert start().warehouse == "W"


LIMITS = [
    (49.9, "STARTED", None),
    (50.0, "STARTED", None),
    (54.9, "STARTED", None),
    (55.0, "SUSPENDED", "000604"),
]


@pytest.mark.parametrize(("used", "state", "reason"), LIMITS)
def test_running_statements_finish_until_the_second_limit(account, compute, start, used, state, reason):
    """At 100 % what runs goes on, at 110 % it is cancelled and the warehouse stops."""
    job = start()
    account.meter.add("W", used - spent(account), account.clock.now)
    compute.tick()
    assert compute.warehouses["W"].state == state
    assert (job.reason.code if job.reason else None) == reason


@pytest.mark.parametrize(("used", "starts"), [(49.99, True), (50.0, False), (99.0, False)])
def test_nothing_new_starts_at_the_first_limit(account, compute, start, used, starts):
    """From 100 % on a statement is refused, by a running warehouse too, and a resume as well."""
    running = start()
    account.meter.add("W", used - spent(account), account.clock.now)
    compute.recount()
    if starts:
        assert start().warehouse == "W"
        return
    with pytest.raises(Refusal, match="resource monitor 'M' has exceeded its quota"):
        start()
    finish(account, running)
    compute.tick()
    with pytest.raises(Refusal, match="resource monitor 'M' has exceeded its quota"):
        compute.resume("W", if_suspended=True)


def test_an_idle_warehouse_over_its_quota_stops_at_once(account, compute, start):
    """Once its statements are over it does not wait for its idle time."""
    job = start()
    account.meter.add("W", 50, account.clock.now)
    compute.tick()
    finish(account, job)
    compute.tick()
    assert compute.warehouses["W"].state == "SUSPENDED"


def test_another_warehouse_is_not_held_back(account, compute, start):
    """Credits of a warehouse without the monitor neither count nor suffer."""
    account.meter.add("FREE", 500, account.clock.now)
    compute.recount()
    assert (compute.monitors["M"].used, start("W").warehouse, start("FREE").warehouse) == (0, "W", "FREE")


def test_a_new_period_counts_from_zero(account, compute):
    """Credits of the month before are not this month's."""
    account.meter.add("W", 60, account.clock.now)
    compute.recount()
    assert compute.monitors["M"].blocks()
    account.clock.advance(days=31)
    compute.recount()
    assert (compute.monitors["M"].used, compute.monitors["M"].blocks()) == (0, False)


def test_an_unknown_warehouse_is_unusable(compute):
    """The words of Snowflake for an object that is not there."""
    for call in (
        lambda: compute.find("X"),
        lambda: compute.suspend("X"),
        lambda: compute.resume("X", if_suspended=True),
    ):
        with pytest.raises(Refusal) as caught:
            call()
        assert caught.value.code == "002043"


def test_a_job_of_a_warehouse_that_is_gone_is_released(compute):
    """A statement may outlive its warehouse, or never have had one."""
    compute.release(Job("q", None, 1, "KIM", 0, warehouse="GONE"))
    compute.release(Job("q", None, 1, "KIM", 0))
