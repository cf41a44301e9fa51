"""A revenue dashboard in Streamlit, as a data team would write one: cached, and saying when it last read."""
