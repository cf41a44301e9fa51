"""What can be changed in Airflow, beside stage 8."""

from bot.integrations.airflow.remedies.trigger import TRIGGER_DAG_RUN
from bot.integrations.airflow.remedies.variable import SET_VARIABLE
from bot.remediation.remedy import AnyRemedy

REMEDIES: tuple[AnyRemedy, ...] = (TRIGGER_DAG_RUN, SET_VARIABLE)
