"""The dashboard itself. Streamlit runs this file anew for every visit; what it read is kept for a day.

It is copied into the part's folder and started there, for Streamlit serves the folder `static` beside it.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st

QUERY = "SELECT DATE, ORDERS, CUSTOMERS, REVENUE FROM ECOMMERCE_ANALYTICS.MARTS.FCT_DAILY_REVENUE ORDER BY DATE"
LAST_READ = Path(__file__).parent / "static" / "last_read.json"


@st.cache_data(ttl="24h", show_spinner=False)  # type: ignore[untyped-decorator]
def read_revenue() -> tuple[list[dict[str, Any]], datetime]:
    """The mart's rows, oldest first, and when they were read."""
    import snowflake.connector

    with snowflake.connector.connect(
        account="sandbox",
        host="127.0.0.1",
        port=int(os.environ["DASHBOARD_WAREHOUSE_PORT"]),
        protocol="http",
        user="SVC_DASHBOARD",
        private_key_file=os.environ["DASHBOARD_KEY"],
        authenticator="SNOWFLAKE_JWT",
        session_parameters={"QUERY_TAG": "streamlit revenue"},
        login_timeout=20,
        network_timeout=30,
    ) as session:
        found = session.cursor().execute(QUERY).fetchall()
    rows = [{"Date": day, "Orders": int(n), "Customers": int(c), "Revenue": float(sum_)} for day, n, c, sum_ in found]
    now = datetime.now(UTC)
    tell_last_read(rows, now)
    return rows, now


def tell_last_read(rows: list[dict[str, Any]], now: datetime) -> None:
    """Leave for monitoring what the cache holds from now on, at `app/static/last_read.json`."""
    told = {"read_at": now.isoformat(timespec="seconds"), "newest": str(rows[-1]["Date"]) if rows else None}
    draft = LAST_READ.with_suffix(".new")
    draft.write_text(json.dumps(told))
    draft.replace(LAST_READ)


st.set_page_config(page_title="Revenue", layout="wide")
st.title("Revenue by day")
revenue, read_at = read_revenue()
st.caption(f"Last updated: {read_at:%Y-%m-%d %H:%M} UTC")
if revenue:
    today = revenue[-1]
    for place, (label, value) in zip(
        st.columns(3),
        (
            (f"Revenue of {today['Date']}", f"{today['Revenue']:,.0f} €"),
            ("Orders", today["Orders"]),
            ("Customers", today["Customers"]),
        ),
        strict=True,
    ):
        place.metric(label, value)
    st.bar_chart(revenue, x="Date", y="Revenue")
else:
    st.warning("FCT_DAILY_REVENUE holds no rows.")
