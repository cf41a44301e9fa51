"""Stages 10 and 11 survive a kill: dbos records each step of a running remedy and resumes it at the next start.

dbos 3.4, MIT core only. A workflow is recovered at launch when its executor id and application version are the same; a
step that was cut off runs again, so what it does is safe to do twice (bot/flow/run_remedy.py says how).
"""

import asyncio
from collections.abc import Awaitable, Callable

from dbos import DBOS, DBOSConfig, DBOSConfiguredInstance, SetWorkflowID, WorkflowStatusString

from bot.flow.run_remedy import Durable

# Changed only when a running remedy of the older code could not be finished by the newer one.
APPLICATION_VERSION = "1"
POOL_SIZE = 5
RUNS_AT_MOST = 5


Run = Callable[[str, Durable], Awaitable[None]]


class _DbosSteps:
    """`Durable` inside a dbos workflow."""

    async def step(self, name: str, work: Callable[[], Awaitable[str]]) -> str:
        async def recorded() -> str:
            return await work()

        return await DBOS.run_step_async({"name": name}, recorded)

    async def sleep(self, seconds: float) -> None:
        await DBOS.sleep_async(seconds)


@DBOS.dbos_class()
class _Remedies(DBOSConfiguredInstance):
    """The one workflow; dbos finds it again by class and instance name after a restart."""

    def __init__(self, run: Run) -> None:
        super().__init__("remedies")
        self._run = run

    @DBOS.workflow(name="run_remedy")
    async def run_remedy(self, plan: str) -> None:
        """Bring one approved plan to its end."""
        await self._run(plan, _DbosSteps())


class DurableEngine:
    """The `Engine` port. One a process: dbos keeps its state in the module."""

    def __init__(self, database_url: str, executor: str, run: Run) -> None:
        config: DBOSConfig = {
            "name": "runbook-bot",
            "system_database_url": database_url,
            "sys_db_pool_size": POOL_SIZE,
            "executor_id": executor,
            "application_version": APPLICATION_VERSION,
            "log_level": "WARNING",
        }
        self._dbos = DBOS(config=config)
        self._remedies = _Remedies(run)

    def launch(self) -> None:
        """Make dbos's tables and resume what was cut off. Blocks for about a second.

        Call it from the thread that runs the event loop, while it runs: dbos adopts that loop for every workflow, so
        that a
        resumed remedy uses the same Slack session as any other.
        """
        asyncio.get_running_loop()
        DBOS.launch()

    async def start_remedy(self, plan: str) -> None:
        """See the port. The plan's id is the workflow's, so that starting it twice is one run.

        A run that broke (the store was away) is over for dbos, though its plan is not at its end: it is begun anew, and
        its recheck finds out what was done.
        """
        for number in range(1, RUNS_AT_MOST + 1):
            with SetWorkflowID(plan if number == 1 else f"{plan}.{number}"):
                handle = await DBOS.start_workflow_async(self._remedies.run_remedy, plan)
            if (await handle.get_status()).status != WorkflowStatusString.ERROR.value:
                return

    async def close(self, finish_within_s: int = 5) -> None:
        """Let running remedies come to their end; what is left is resumed at the next start."""
        # In a thread: dbos waits without yielding, and the remedies that it waits for run on this loop.
        await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=finish_within_s)
