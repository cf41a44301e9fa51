"""A process with the real engine, for the tests to kill: every event is a line in a journal.

usage: program.py DATABASE JOURNAL EXECUTOR KILL_AT PLAN...; PLAN names how its run behaves. With "close within N" for
KILL_AT it is not killed but closes its engine once a plan sleeps, and gives it N seconds.
"""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.engine.durable import DurableEngine
from bot.flow.run_remedy import Durable

DATABASE, JOURNAL, EXECUTOR, KILL_AT, *PLANS = sys.argv[1:]
NAPS_S = {"doze": 2.0, "nap": 5.0, "long": 12.0}  # what a plan's name begins with; any other sleeps for a moment
ENDS_WITHIN_S = 60
asleep, ended = asyncio.Event(), asyncio.Event()


def say(what: str) -> None:
    """A line: process, time, what happened. Die there if told so."""
    with Path(JOURNAL).open("a") as journal:
        journal.write(f"{os.getpid()} {time.time():.3f} {what}\n")
    if what == KILL_AT:
        os.kill(os.getpid(), signal.SIGKILL)


def was_said(what: str) -> bool:
    """Whether this stands in the journal, by whichever process."""
    return what in Path(JOURNAL).read_text()


def work(name: str, answer: str = "said") -> Callable[[], Awaitable[str]]:
    """A step that says when it begins and ends."""

    async def worked() -> str:
        say(f"{name} begun")
        await asyncio.sleep(0.05)
        say(f"{name} done")
        return f"{answer} by {os.getpid()}"

    return worked


async def run(plan: str, steps: Durable) -> None:
    """Two steps with a sleep in between."""
    say(f"{plan} on {threading.current_thread() is threading.main_thread() and 'main'}")
    first = await steps.step("one", work(f"{plan} one"))
    say(f"{plan} slept from")
    asleep.set()
    await steps.sleep(NAPS_S.get(plan.split("-", maxsplit=1)[0], 0.01))
    say(f"{plan} slept until")
    await steps.step("two", work(f"{plan} two"))
    if "broken" in plan and not was_said(f"{plan} broke"):
        say(f"{plan} broke")
        raise LookupError("the store was away")
    say(f"{plan} ended, first {first}")
    ended.set()


async def main() -> None:
    """Start the engine and the plans, wait until one ended, close."""
    engine = DurableEngine(f"sqlite:///{DATABASE}", EXECUTOR, run)
    engine.launch()
    say("launched")
    for plan in PLANS:
        await engine.start_remedy(plan)
    if "close" not in KILL_AT:
        await asyncio.wait_for(ended.wait(), ENDS_WITHIN_S)
        await asyncio.sleep(0.2)  # dbos notes the end
        os._exit(0)  # closing takes it a second, which most tests need not wait for
    await asyncio.wait_for(asleep.wait(), ENDS_WITHIN_S)
    say("closing")
    await engine.close(int(KILL_AT.rpartition(" ")[2]))
    say("closed")


asyncio.run(main())
