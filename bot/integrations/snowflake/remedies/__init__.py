"""What can be changed in Snowflake, beside stage 8."""

from bot.integrations.snowflake.remedies.queries import CANCEL_QUERY
from bot.integrations.snowflake.remedies.quota import SET_CREDIT_QUOTA
from bot.integrations.snowflake.remedies.resume import RESUME_WAREHOUSE
from bot.remediation.remedy import AnyRemedy

REMEDIES: tuple[AnyRemedy, ...] = (CANCEL_QUERY, SET_CREDIT_QUOTA, RESUME_WAREHOUSE)
