"""What can be read in Airflow, beside stage 5: calls, their JSON, the facts made of it."""

from bot.diagnostics.probe import AnyProbe
from bot.integrations.airflow.probes.failed_task import FAILED_TASK
from bot.integrations.airflow.probes.imports import IMPORT_ERRORS
from bot.integrations.airflow.probes.jobs import JOBS
from bot.integrations.airflow.probes.logs import TASK_LOG
from bot.integrations.airflow.probes.neighbours import TASK_NEIGHBOURS
from bot.integrations.airflow.probes.outage import FAILURES
from bot.integrations.airflow.probes.pace import RUN_PACE
from bot.integrations.airflow.probes.pools import POOLS
from bot.integrations.airflow.probes.queue import QUEUE
from bot.integrations.airflow.probes.recent import RECENT_RUNS
from bot.integrations.airflow.probes.runs import DAG_RUN, TODAYS_RUN
from bot.integrations.airflow.probes.scheduler import SCHEDULER
from bot.integrations.airflow.probes.task_history import TASK_HISTORY
from bot.integrations.airflow.probes.tasks import TASK_INSTANCE
from bot.integrations.airflow.probes.tries import TRY_LOGS
from bot.integrations.airflow.probes.variables import VARIABLES

PROBES: tuple[AnyProbe, ...] = (
    *(FAILED_TASK, TASK_LOG, TRY_LOGS, TASK_INSTANCE, TASK_HISTORY, TASK_NEIGHBOURS, FAILURES),
    *(TODAYS_RUN, DAG_RUN, RECENT_RUNS, RUN_PACE),
    *(SCHEDULER, JOBS, QUEUE, POOLS, IMPORT_ERRORS, VARIABLES),
)
