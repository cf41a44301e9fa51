"""snowflake.logins: who could not log in, why, from where, and when it last worked."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.diagnostics.probe import Probe, Scope
from bot.errors import AccessDenied, NotFound
from bot.integrations.snowflake.client import CATALOGUE_CAP, Row, SnowflakeClient
from bot.integrations.snowflake.probes.login_errors import explain
from bot.integrations.snowflake.probes.rows import moment, number, shown, words

_COLUMNS = """
SELECT EVENT_TIMESTAMP, USER_NAME, CLIENT_IP, REPORTED_CLIENT_TYPE, REPORTED_CLIENT_VERSION,
       FIRST_AUTHENTICATION_FACTOR, IS_SUCCESS, ERROR_CODE, ERROR_MESSAGE
FROM {source}
WHERE (? = '' OR USER_NAME = ?) AND EVENT_TIMESTAMP >= DATEADD('day', -7, CURRENT_TIMESTAMP())
ORDER BY EVENT_TIMESTAMP DESC
LIMIT 1000
"""
LIVE = _COLUMNS.format(source="TABLE(INFORMATION_SCHEMA.LOGIN_HISTORY(RESULT_LIMIT => 10000))")
YEAR = _COLUMNS.format(source="SNOWFLAKE.ACCOUNT_USAGE.LOGIN_HISTORY")
SHOWN = 10


@dataclass(frozen=True, slots=True)
class LoginsArguments:
    """One `user`, or all that the role may monitor; failures of the last `hours` count."""

    user: str = ""
    hours: int = 24


@dataclass(frozen=True, slots=True)
class UserLogins:
    """One user who could not log in. `code` and `name` as Snowflake logs the newest failure; `kind`, `meaning` and
    `advice` explain it. `failed` counts in the window; `is_over` says that a login has worked since."""

    user: str
    failed: int
    last_failed_at: datetime
    code: int
    name: str
    kind: str
    meaning: str
    advice: str
    client_ip: str
    client: str
    factor: str
    last_success_at: datetime | None = None
    last_success_ip: str = ""
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Logins:
    """Users who could not log in, those that still cannot and the newest first; `worst` is the first of them.

    `attempts` counts what was seen of both kinds: 0 means that the role may see nobody's logins. `source` is
    "live", or "account_usage", which lags by up to two hours.
    """

    users: tuple[UserLogins, ...] = ()
    worst: UserLogins | None = None
    attempts: int = 0
    source: str = "live"


def read_logins(client: SnowflakeClient, arguments: LoginsArguments, scope: Scope) -> Logins:
    """What the table function shows; where it shows nothing of others, ACCOUNT_USAGE."""
    user = arguments.user.strip().upper()
    with client.reading(scope) as fetch:
        rows = fetch(LIVE, (user, user), cap=CATALOGUE_CAP)
    found = logins_from(rows, arguments.hours, scope.now, "live")
    if found.users:
        return found
    try:
        with client.reading(scope) as fetch:
            older = fetch(YEAR, (user, user), cap=CATALOGUE_CAP)
    except (AccessDenied, NotFound):
        return found
    lagging = logins_from(older, arguments.hours, scope.now, "account_usage")
    return lagging if lagging.users else found


def logins_from(rows: Sequence[Row], hours: int, now: datetime, source: str) -> Logins:
    """Facts from the rows of LIVE or YEAR, newest first."""
    by_user: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_user[words(row["user_name"])].append(row)
    since = now - timedelta(hours=hours)
    found = [one for own in by_user.values() if (one := _user(own, since)) is not None]
    ordered = tuple(sorted(found, key=lambda one: (one.is_over, -one.last_failed_at.timestamp()))[:SHOWN])
    return Logins(ordered, ordered[0] if ordered else None, len(rows), source)


def _user(rows: Sequence[Row], since: datetime) -> UserLogins | None:
    timed = [(at, row) for row in rows if (at := moment(row["event_timestamp"])) is not None]
    failures = [(at, row) for at, row in timed if words(row["is_success"]).upper() == "NO" and at >= since]
    if not failures:
        return None
    successes = [(at, row) for at, row in timed if words(row["is_success"]).upper() == "YES"]
    failed_at, newest = max(failures, key=lambda one: one[0])
    worked_at, worked = max(successes, key=lambda one: one[0], default=(None, {}))
    code, name = int(number(newest["error_code"])), shown(newest["error_message"])[:120]
    explained = explain(code, name)
    return UserLogins(
        user=words(newest["user_name"]),
        failed=len(failures),
        last_failed_at=failed_at,
        code=code,
        name=name,
        kind=explained.kind,
        meaning=explained.meaning,
        advice=explained.advice,
        client_ip=words(newest["client_ip"]),
        client=f"{words(newest['reported_client_type'])} {words(newest['reported_client_version'])}".strip()[:80],
        factor=words(newest["first_authentication_factor"]),
        last_success_at=worked_at,
        last_success_ip=words(worked.get("client_ip")),
        is_over=worked_at is not None and worked_at > failed_at,
    )


_LOADER = UserLogins(
    user="SVC_LOADER",
    failed=3,
    last_failed_at=datetime(2026, 11, 23, 5, 2, tzinfo=UTC),
    code=394304,
    name="JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH",
    kind="key",
    meaning=explain(394304).meaning,
    advice=explain(394304).advice,
    client_ip="10.4.2.17",
    client="PYTHON_DRIVER 4.8.1",
    factor="RSA_KEYPAIR",
    last_success_at=datetime(2026, 11, 22, 5, 0, tzinfo=UTC),
    last_success_ip="10.4.2.17",
)
LOGINS: Probe[SnowflakeClient, LoginsArguments, Logins] = Probe(
    name="snowflake.logins",
    summary="Who could not log in lately: why, from which address and client, and when it last worked.",
    arguments=LoginsArguments,
    facts=Logins,
    read=read_logins,
    typical=Logins((_LOADER,), _LOADER, 42),
    empty=Logins(),
    deadline_s=15.0,
)
