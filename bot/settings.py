"""The environment becomes frozen settings; the names are those of the README."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from bot.errors import SettingsError

SLACK_API_URL = "https://slack.com/api/"
SLASH = "/"


def _with_slash(url: Any) -> Any:
    # slack_sdk joins method names onto the base, so it has to end in a slash.
    return url if not isinstance(url, str) or url.endswith(SLASH) else url + SLASH


def default_playbooks() -> Path:
    """`./playbooks` where there is one (a checkout, a team's own repository), else those of the package."""
    here = Path("playbooks")
    beside = Path(__file__).resolve().parent
    installed = beside / "_playbooks"
    return here if here.is_dir() else installed if installed.is_dir() else beside.parent / "playbooks"


class Settings(BaseModel):
    """What `runbook serve` needs; secrets never show in a repr or a log."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    slack_bot_token: SecretStr = Field(alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr | None = Field(default=None, alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr | None = Field(default=None, alias="SLACK_SIGNING_SECRET")
    slack_api_url: Annotated[str, BeforeValidator(_with_slash)] = Field(default=SLACK_API_URL, alias="SLACK_API_URL")
    port: int = Field(default=3000, ge=1, le=65535, alias="PORT")
    database_url: str = Field(default="sqlite:///runbook.sqlite", alias="DATABASE_URL")
    playbooks: Path = Field(default_factory=default_playbooks, alias="RUNBOOK_PLAYBOOKS")
    executor: str = Field(default="", alias="RUNBOOK_EXECUTOR")

    @property
    def is_socket_mode(self) -> bool:
        """Socket Mode when there is an app-level token, else signed HTTP on `port`."""
        return self.slack_app_token is not None


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from the environment; empty values count as absent. SettingsError names every variable that is wrong."""
    given = {name: value for name, value in environment.items() if value}
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        lines = [f"{item['loc'][0]}: {item['msg']}" for item in error.errors(include_input=False, include_url=False)]
        raise SettingsError("; ".join(lines)) from error
    if not settings.database_url.startswith("sqlite") and not settings.executor:
        # dbos resumes what an executor of the same name left: two replicas of one name would run each other's remedies.
        raise SettingsError(
            "RUNBOOK_EXECUTOR: with PostgreSQL each replica needs a name of its own that outlives a restart (worker-1)"
        )
    if not settings.is_socket_mode and settings.slack_signing_secret is None:
        raise SettingsError("set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (signed HTTP on $PORT)")
    return settings
