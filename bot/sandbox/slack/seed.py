"""First floor of the stand-in: who and what is in the workspace when it starts (fixed names of the sandbox)."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.manifest import Manifest
from bot.sandbox.slack.settings import TEAM_ID


@dataclass(frozen=True, slots=True)
class App:
    """An installed app: its identities, credentials, and what it may do and hears.

    Only the app with a manifest (the bot under test) is sent events, clicks and commands.
    """

    id: str
    name: str
    bot_user: str
    bot_id: str
    bot_token: str
    scopes: frozenset[str]
    app_token: str = ""
    signing_secret: str = ""
    manifest: Manifest | None = None


def runbook_app(manifest: Manifest) -> App:
    """The bot under test, with the scopes and subscriptions of its manifest."""
    return App(
        id="A0RUNBOOK",
        name="runbook-bot",
        bot_user="U0RUNBOOK",
        bot_id="B0RUNBOOK",
        bot_token="xoxb-sandbox-runbook",  # noqa: S106 - a published token of a workspace that exists only here
        scopes=manifest.scopes,
        app_token="xapp-sandbox-runbook",  # noqa: S106 - same
        signing_secret="sandbox-signing-secret",  # noqa: S106 - same
        manifest=manifest,
    )


ALERTING_APP = App(
    id="A0AIRFLOW",
    name="Airflow",
    bot_user="U0AIRFLOW",
    bot_id="B0AIRFLOW",
    bot_token="xoxb-sandbox-airflow",  # noqa: S106 - same
    scopes=frozenset({"chat:write", "chat:write.public", "chat:write.customize"}),
)

PEOPLE = (
    ("U0ONCALL", "nadia", "Nadia Rahman"),
    ("U0LEAD", "lee", "Lee Park"),
    ("U0BYSTANDER", "sam", "Sam Ortiz"),
)
CHANNELS = (("C0ALERTS", "data-alerts"), ("C0COSTS", "data-costs"), ("C0ENG", "data-eng"))
GROUPS = (("S0ONCALL", "data-oncall", ("U0ONCALL",)), ("S0LEADS", "data-leads", ("U0LEAD",)))


def person(user_id: str, name: str, real_name: str) -> dict[str, Any]:
    """A person as users.info answers."""
    first, _, last = real_name.partition(" ")
    return {
        "id": user_id,
        "team_id": TEAM_ID,
        "name": name,
        "deleted": False,
        "real_name": real_name,
        "tz": "Etc/UTC",
        "tz_label": "Coordinated Universal Time",
        "tz_offset": 0,
        "profile": {
            "real_name": real_name,
            "real_name_normalized": real_name,
            "display_name": name,
            "display_name_normalized": name,
            "first_name": first,
            "last_name": last,
            "email": f"{name}@example.com",
            "team": TEAM_ID,
        },
        "is_admin": False,
        "is_owner": False,
        "is_bot": False,
        "is_app_user": False,
        "updated": 0,
    }


def bot_user(app: App) -> dict[str, Any]:
    """An app's bot user as users.info answers."""
    wire = person(app.bot_user, app.name.lower().replace(" ", ""), app.name)
    profile = {**wire["profile"], "api_app_id": app.id, "bot_id": app.bot_id, "always_active": True}
    del profile["email"]
    return {**wire, "is_bot": True, "profile": profile}


def group(group_id: str, handle: str, users: tuple[str, ...]) -> dict[str, Any]:
    """A user group as usergroups.list answers."""
    return {
        "id": group_id,
        "team_id": TEAM_ID,
        "is_usergroup": True,
        "name": handle.replace("-", " ").capitalize(),
        "description": "",
        "handle": handle,
        "is_external": False,
        "date_create": 0,
        "date_update": 0,
        "date_delete": 0,
        "created_by": "U0LEAD",
        "updated_by": "U0LEAD",
        "users": list(users),
        "user_count": len(users),
    }
