"""What can be read in Snowflake, beside stage 5: a query, its rows, the facts made of them."""

from bot.diagnostics.probe import AnyProbe
from bot.integrations.snowflake.probes.alterations import ALTERATIONS
from bot.integrations.snowflake.probes.columns import COLUMNS
from bot.integrations.snowflake.probes.credits import CREDITS
from bot.integrations.snowflake.probes.duplicates import DUPLICATES
from bot.integrations.snowflake.probes.freshness import FRESHNESS
from bot.integrations.snowflake.probes.future_grants import FUTURE_GRANTS
from bot.integrations.snowflake.probes.grants_of_role import GRANTS_OF_ROLE
from bot.integrations.snowflake.probes.history import FAILED_QUERIES, TOP_QUERIES
from bot.integrations.snowflake.probes.logins import LOGINS
from bot.integrations.snowflake.probes.monitors import RESOURCE_MONITORS
from bot.integrations.snowflake.probes.null_count import NULL_COUNT
from bot.integrations.snowflake.probes.orphans import ORPHANS
from bot.integrations.snowflake.probes.queries import QUERY, RUNNING_QUERIES
from bot.integrations.snowflake.probes.query_profile import QUERY_PROFILE
from bot.integrations.snowflake.probes.session import SESSION
from bot.integrations.snowflake.probes.spenders import SPENDERS
from bot.integrations.snowflake.probes.timeouts import TIMEOUTS
from bot.integrations.snowflake.probes.unexpected_values import UNEXPECTED_VALUES
from bot.integrations.snowflake.probes.user import USER
from bot.integrations.snowflake.probes.warehouses import WAREHOUSE, WAREHOUSES

PROBES: tuple[AnyProbe, ...] = (
    RESOURCE_MONITORS,
    WAREHOUSE,
    WAREHOUSES,
    RUNNING_QUERIES,
    QUERY,
    TOP_QUERIES,
    FAILED_QUERIES,
    CREDITS,
    SPENDERS,
    QUERY_PROFILE,
    TIMEOUTS,
    LOGINS,
    USER,
    FRESHNESS,
    SESSION,
    DUPLICATES,
    NULL_COUNT,
    ORPHANS,
    UNEXPECTED_VALUES,
    GRANTS_OF_ROLE,
    FUTURE_GRANTS,
    COLUMNS,
    ALTERATIONS,
)
