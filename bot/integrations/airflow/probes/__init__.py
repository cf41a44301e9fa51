"""What can be read in Airflow, beside stage 5: calls, their JSON, the facts made of it."""

from bot.diagnostics.probe import AnyProbe
from bot.integrations.airflow.probes.logs import TASK_LOG
from bot.integrations.airflow.probes.recent import RECENT_RUNS
from bot.integrations.airflow.probes.runs import DAG_RUN, TODAYS_RUN
from bot.integrations.airflow.probes.scheduler import SCHEDULER
from bot.integrations.airflow.probes.tasks import TASK_INSTANCE

PROBES: tuple[AnyProbe, ...] = (TASK_LOG, TASK_INSTANCE, TODAYS_RUN, DAG_RUN, RECENT_RUNS, SCHEDULER)
