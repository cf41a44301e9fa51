"""The platform's own names, from playbooks/platform.yml: the one file that a team edits to adopt the bot."""

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from bot.playbooks.model import Duration, Line, Severity, Word, Written

TEMPLATE_NAMES = (
    "name",
    "dags",
    "tasks",
    "variables",
    "warehouses",
    "roles",
    "schemas",
    "feeds",
    "needs",
    "marts",
    "contacts",
    "dashboard",
)
_TABLE = r"^[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*){1,2}$"
_NAME = r"[A-Za-z_][\w$]*"
_COLUMN = rf"^{_NAME}$"
Privilege = Annotated[str, StringConstraints(pattern=r"^[A-Z]+( [A-Z]+)*$")]


class Mart(Written):
    """A table whose age matters: the newest value of `column` may be at most `max_age_hours` old."""

    table: str = Field(pattern=_TABLE)
    column: str = Field(pattern=_COLUMN)
    max_age_hours: float = Field(gt=0)


class Feed(Written):
    """One table on its way: `schema.table` at the source, where it is loaded to, and the model that makes it clean.

    `key` is the column that is unique at the source. `staging` is "" where no model cleans it.
    """

    name: Word
    source: str = Field(pattern=_TABLE)
    raw: str = Field(pattern=_TABLE)
    staging: str = Field(default="", pattern=rf"^$|{_TABLE}")
    key: str = Field(pattern=_COLUMN)


class RoleNeed(Written):
    """What a role must hold on one object to do its work, so that a missing grant can be named.

    `future` is what it must hold on the tables and views that others make in that schema later.
    """

    role: str = Field(pattern=_COLUMN)
    on: str = Field(pattern=rf"^((DATABASE|WAREHOUSE) {_NAME}|SCHEMA {_NAME}\.{_NAME})$")
    privileges: tuple[Privilege, ...] = ()
    future: dict[Literal["TABLES", "VIEWS"], tuple[Privilege, ...]] = Field(default_factory=dict)


class Contact(Written):
    """Somebody outside the data team who is asked for help: a name and where to find them."""

    name: Line
    channel: str = ""


class Dashboard(Written):
    """What the business looks at, and how its cache is cleared."""

    name: Line
    url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    refresh: Line = "reload the page"


class Role(Written):
    """Who holds a role now: a Slack user group (its handle), or Slack user ids.

    All of those given are asked; whoever any of them names holds the role.
    """

    usergroup: str = ""
    users: tuple[str, ...] = ()


class People(Written):
    """The two roles that approve remedies and are called when nobody answers."""

    oncall: Role = Role()
    lead: Role = Role()


class Route(Written):
    """Where incidents of a severity are told, how soon somebody answers, and who is called after that, in order."""

    channel: str
    page: bool = False
    respond: Duration
    then: tuple[Line, ...] = ()


class Platform(Written):
    """Everything that playbooks may say of the platform, as `platform` in their templates.

    `dags`, `tasks`, `variables` (of Airflow), `warehouses`, `roles` and `schemas` (of Snowflake) map a word that
    playbooks name (`platform.dags.daily`) to the platform's own name.
    """

    name: Line
    channels: tuple[str, ...] = Field(min_length=1, description="Channels whose messages are read, by name.")
    dags: dict[Word, str] = Field(default_factory=dict)
    tasks: dict[Word, str] = Field(default_factory=dict)
    variables: dict[Word, str] = Field(default_factory=dict)
    warehouses: dict[Word, str] = Field(default_factory=dict)
    roles: dict[Word, str] = Field(default_factory=dict)
    schemas: dict[Word, str] = Field(default_factory=dict)
    feeds: tuple[Feed, ...] = ()
    needs: tuple[RoleNeed, ...] = ()
    marts: tuple[Mart, ...] = ()
    contacts: dict[Word, Contact] = Field(default_factory=dict)
    dashboard: Dashboard | None = None
    people: People = People()
    routing: dict[Severity, Route] = Field(default_factory=dict)

    def names(self) -> dict[str, Any]:
        """The platform as templates see it: plain values only; the same mapping every time, not to be changed."""
        return self._shown

    @cached_property
    def _shown(self) -> dict[str, Any]:
        return self.model_dump(mode="json", include=set(TEMPLATE_NAMES))
