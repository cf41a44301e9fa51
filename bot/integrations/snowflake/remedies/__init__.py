"""What can be changed in Snowflake, beside stage 8."""

from bot.integrations.snowflake.remedies.compute import RESUME_WAREHOUSE, SET_CREDIT_QUOTA
from bot.integrations.snowflake.remedies.queries import CANCEL_QUERY
from bot.remediation.remedy import AnyRemedy

REMEDIES: tuple[AnyRemedy, ...] = (CANCEL_QUERY, SET_CREDIT_QUOTA, RESUME_WAREHOUSE)
