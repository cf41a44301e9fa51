"""Streamlit as the platform's dashboard: whether it serves, and what it last read, if it tells."""

from bot.flow.integration import Environment, Integration
from bot.integrations.streamlit.client import StreamlitClient
from bot.integrations.streamlit.probes import PROBES
from bot.integrations.streamlit.settings import read_settings


def connect_read(environment: Environment) -> StreamlitClient | None:
    """A client of the dashboard; it only ever GETs."""
    settings = read_settings(environment)
    return None if settings is None else StreamlitClient(settings)


def connect_change(_environment: Environment) -> None:
    """Nothing here can be changed: a cache is cleared on the page, or by starting the app anew."""
    return


INTEGRATION: Integration[StreamlitClient] = Integration(
    name="streamlit",
    title="Streamlit",
    connect_read=connect_read,
    connect_change=connect_change,
    probes=PROBES,
    check="streamlit.health",
    threads=2,
)
