"""What can be read of dbt's artifacts, beside stage 5: files, the facts made of them."""

from bot.diagnostics.probe import AnyProbe
from bot.integrations.dbt.probes.node import NODE
from bot.integrations.dbt.probes.run_results import RUN_RESULTS
from bot.integrations.dbt.probes.sources import SOURCES

PROBES: tuple[AnyProbe, ...] = (RUN_RESULTS, NODE, SOURCES)
