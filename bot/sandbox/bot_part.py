"""The bot itself as a part: `runbook serve` with an environment that points at the sandbox."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from bot.sandbox.airflow.artifacts import artifacts_folder
from bot.sandbox.part import Context, HttpHealth, Part
from bot.sandbox.source.passwords import connection_url
from bot.sandbox.stripe.part import RUNBOOK_KEY as STRIPE_KEY

BOT_TOKEN = "xoxb-sandbox-runbook"  # noqa: S105 - the stand-in's well-known token
APP_TOKEN = "xapp-sandbox-runbook"  # noqa: S105
SIGNING_SECRET = "sandbox-signing-secret"  # noqa: S105


def describe(context: Context, names: frozenset[str], mode: str) -> Part:
    """The bot, once Slack answers; the other systems may come up after it.

    Their passwords must be written already (each part's `prepare`).
    """
    return Part(
        name="bot",
        command=(sys.executable, "-m", "bot", "serve"),
        health=HttpHealth(f"{context.url('bot')}/readyz"),
        depends_on=("slack",),
        variables=bot_variables(context, names, mode),
    )


def bot_variables(context: Context, names: frozenset[str], mode: str) -> dict[str, str]:
    """What `runbook serve` needs to work on the parts in `names`; `mode` is "socket" or "http"."""
    variables = {
        "PORT": str(context.port("bot")),
        "DATABASE_URL": f"sqlite:///{context.folder('bot') / 'runbook.sqlite'}",
        "RUNBOOK_PLAYBOOKS": str(context.repository / "playbooks"),
    }
    sections: dict[str, Callable[[], dict[str, str]]] = {
        "slack": lambda: slack_variables(context, mode),
        "source": lambda: source_variables(context),
        "warehouse": lambda: warehouse_variables(context),
        "airflow": lambda: airflow_variables(context),
        "stripe": lambda: {"STRIPE_API_KEY": STRIPE_KEY, "STRIPE_API_BASE": context.url("stripe")},
        "dashboard": lambda: {"STREAMLIT_URL": context.url("dashboard")},
    }
    for name, section in sections.items():
        if name in names:
            variables |= section()
    return variables


def slack_variables(context: Context, mode: str) -> dict[str, str]:
    """Tokens of the stand-in; without the app-level token the bot serves signed HTTP."""
    variables = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{context.url('slack')}/api/",
    }
    return variables | ({"SLACK_APP_TOKEN": APP_TOKEN} if mode == "socket" else {})


def source_variables(context: Context) -> dict[str, str]:
    """Two connections with credentials of their own: read and change."""
    folder, port = context.folder("source"), context.port("source")
    return {
        "SOURCE_DATABASE_URL": connection_url(folder, port, "runbook_read"),
        "SOURCE_DATABASE_CHANGE_URL": connection_url(folder, port, "runbook_change"),
    }


def warehouse_variables(context: Context) -> dict[str, str]:
    """One user, two roles."""
    return {
        "SNOWFLAKE_ACCOUNT": "sandbox",
        "SNOWFLAKE_USER": "SVC_RUNBOOK",
        "SNOWFLAKE_PRIVATE_KEY_FILE": str(context.keys() / "SVC_RUNBOOK.pem"),
        "SNOWFLAKE_HOST": "127.0.0.1",
        "SNOWFLAKE_PORT": str(context.port("warehouse")),
        "SNOWFLAKE_PROTOCOL": "http",
        "SNOWFLAKE_ROLE": "RUNBOOK_READ",
        "SNOWFLAKE_WAREHOUSE": "REPORTING_WH",
        "SNOWFLAKE_DATABASE": "ECOMMERCE_ANALYTICS",
        "SNOWFLAKE_CHANGE_ROLE": "RUNBOOK_CHANGE",
    }


def airflow_variables(context: Context) -> dict[str, str]:
    """The login that Airflow's part wrote before anything started, and where its dbt tasks leave their artifacts."""
    return {
        "DBT_ARTIFACTS": str(artifacts_folder(context.folder("airflow"))),
        "AIRFLOW_URL": context.url("airflow"),
        "AIRFLOW_USERNAME": "runbook",
        "AIRFLOW_PASSWORD": read_airflow_passwords(context.folder("airflow"))["runbook"],
    }


def read_airflow_passwords(folder: Path) -> dict[str, str]:
    """User to password, as Airflow's simple auth manager keeps them."""
    passwords: dict[str, str] = json.loads((folder / "passwords.json").read_text())
    return passwords
