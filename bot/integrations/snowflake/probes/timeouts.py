"""snowflake.timeouts: how long a statement may run and wait, and who set that."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from bot.diagnostics.probe import Probe, Scope
from bot.errors import AccessDenied, NotFound
from bot.integrations.snowflake.client import Row, SnowflakeClient
from bot.integrations.snowflake.names import plain_name, quoted
from bot.integrations.snowflake.probes.rows import number, words

SHOWN = "SHOW PARAMETERS LIKE 'STATEMENT%TIMEOUT_IN_SECONDS'"
RUN, QUEUE = "STATEMENT_TIMEOUT_IN_SECONDS", "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS"


@dataclass(frozen=True, slots=True)
class TimeoutsArguments:
    """The warehouse and the user of the query; `cut_after_s` is the limit that its error names."""

    warehouse: str = ""
    user: str = ""
    cut_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """What holds at one level: `run_s` and `queue_s` (0: none). `is_default`: nobody set it. None where unknown."""

    level: str
    name: str
    run_s: float | None = None
    queue_s: float | None = None
    is_default: bool = True


@dataclass(frozen=True, slots=True)
class Timeouts:
    """`limits` of warehouse, user and account. The smaller of the warehouse's and the session's cuts.

    `set_at` says where the limit comes from that cut the query: "warehouse", "user" or "account"; "session" when no
    level has it, so that the client set it for itself; "" when the limit is not known. `name` is that level's object.
    """

    limits: tuple[Limit, ...] = ()
    set_at: str = ""
    name: str = ""


def read_timeouts(client: SnowflakeClient, arguments: TimeoutsArguments, scope: Scope) -> Timeouts:
    """The parameters of each level that the role may see."""
    found: list[tuple[str, str, Sequence[Row]]] = []
    for level, name, statement in statements(arguments):
        rows: Sequence[Row] = ()
        with suppress(AccessDenied, NotFound):  # a user's are its owner's to see: that level then is unknown
            rows = client.fetch(statement, (), scope)
        found.append((level, name, rows))
    return timeouts_from(found, arguments.cut_after_s)


def statements(arguments: TimeoutsArguments) -> list[tuple[str, str, str]]:
    """Level, object and statement; a level without a name is left out."""
    asked = []
    if arguments.warehouse:
        name = plain_name(arguments.warehouse, "warehouse")
        asked.append(("warehouse", name, f"{SHOWN} IN WAREHOUSE {quoted(name)}"))
    if arguments.user:
        name = plain_name(arguments.user, "user")
        asked.append(("user", name, f"{SHOWN} FOR USER {quoted(name)}"))
    return [*asked, ("account", "", f"{SHOWN} IN ACCOUNT")]


def timeouts_from(found: Sequence[tuple[str, str, Sequence[Row]]], cut_after_s: float | None) -> Timeouts:
    """Facts from each level's rows of SHOW PARAMETERS."""
    limits = tuple(_limit(level, name, rows) for level, name, rows in found)
    if cut_after_s is None:
        return Timeouts(limits)
    for level, name, rows in found:
        if cut_after_s in _own(level, rows).values():
            return Timeouts(limits, level, name)
    return Timeouts(limits, "session")


def _own(level: str, rows: Sequence[Row]) -> dict[str, float]:
    """What that level itself sets: a warehouse may set one of both and inherit the other."""
    own = [row for row in rows if words(row["level"]).upper() == level.upper()]
    return {key: number(row["value"]) for row in own if (key := words(row["key"]).upper()) in (RUN, QUEUE)}


def _limit(level: str, name: str, rows: Sequence[Row]) -> Limit:
    by_key = {words(row["key"]).upper(): row for row in rows}
    if RUN not in by_key:
        return Limit(level, name)
    queue = by_key.get(QUEUE)
    return Limit(
        level=level,
        name=name,
        run_s=number(by_key[RUN]["value"]),
        queue_s=None if queue is None else number(queue["value"]),
        is_default=not _own(level, rows),
    )


TIMEOUTS: Probe[SnowflakeClient, TimeoutsArguments, Timeouts] = Probe(
    name="snowflake.timeouts",
    summary="How long a statement may run and wait, at which level that is set, and which level's limit cut a query.",
    arguments=TimeoutsArguments,
    facts=Timeouts,
    read=read_timeouts,
    typical=Timeouts(
        (
            Limit("warehouse", "TRANSFORM_WH", 3600.0, 0.0, is_default=False),
            Limit("user", "SVC_ECOMMERCE_DBT"),
            Limit("account", "", 172800.0, 0.0),
        ),
        "warehouse",
        "TRANSFORM_WH",
    ),
    empty=Timeouts(),
    deadline_s=10.0,
)
