"""What can be read at a Streamlit dashboard, beside stage 5."""

from bot.diagnostics.probe import AnyProbe
from bot.integrations.streamlit.probes.health import HEALTH

PROBES: tuple[AnyProbe, ...] = (HEALTH,)
