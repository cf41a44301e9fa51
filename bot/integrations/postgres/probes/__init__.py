"""What can be read in PostgreSQL, beside stage 5: a query, its rows, the facts made of them."""

from bot.diagnostics.probe import AnyProbe
from bot.integrations.postgres.probes.backend import BACKEND_PROBE
from bot.integrations.postgres.probes.columns import COLUMNS_PROBE
from bot.integrations.postgres.probes.connections import CONNECTIONS
from bot.integrations.postgres.probes.contention import CONTENTION
from bot.integrations.postgres.probes.duplicates import DUPLICATES
from bot.integrations.postgres.probes.locks import BLOCKED_LOCKS
from bot.integrations.postgres.probes.server import CONNECTIVITY, LOAD

PROBES: tuple[AnyProbe, ...] = (
    CONNECTIVITY,
    BLOCKED_LOCKS,
    LOAD,
    BACKEND_PROBE,
    COLUMNS_PROBE,
    CONNECTIONS,
    CONTENTION,
    DUPLICATES,
)
