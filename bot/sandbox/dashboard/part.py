"""How the supervisor starts the dashboard (standard library only)."""

from bot.sandbox.part import Context, HttpHealth, Part


def describe(context: Context) -> Part:
    """Streamlit on the port `dashboard`, once the warehouse answers; Airflow starts beside it."""
    python, port = str(context.python("dashboard")), context.port("dashboard")
    return Part(
        name="dashboard",
        environment="dashboard",
        command=(
            python,
            "-m",
            "bot.sandbox.dashboard",
            "--port",
            str(port),
            "--state",
            str(context.folder("dashboard")),
        ),
        health=HttpHealth(f"{context.url('dashboard')}/_stcore/health"),
        depends_on=("warehouse",),
        variables={
            "DASHBOARD_WAREHOUSE_PORT": str(context.port("warehouse")),
            "DASHBOARD_KEY": str(context.keys() / "SVC_DASHBOARD.pem"),
        },
    )
