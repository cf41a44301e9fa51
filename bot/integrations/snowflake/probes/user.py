"""snowflake.user: what keeps a user out: disabled, locked, expired, which key, which network policy."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.diagnostics.probe import Probe, Scope
from bot.errors import AccessDenied, NotFound
from bot.integrations.snowflake.client import Row, SnowflakeClient
from bot.integrations.snowflake.failures import SYSTEM
from bot.integrations.snowflake.names import plain_name, quoted
from bot.integrations.snowflake.probes.rows import moment, number, words

FROM_VIEW = """
SELECT NAME, TYPE, DISABLED, SNOWFLAKE_LOCK, MUST_CHANGE_PASSWORD, DEFAULT_ROLE, EXPIRES_AT, LOCKED_UNTIL_TIME,
       HAS_RSA_PUBLIC_KEY, LAST_SUCCESS_LOGIN
FROM SNOWFLAKE.ACCOUNT_USAGE.USERS
WHERE NAME = ? AND DELETED_ON IS NULL
"""
POLICY = "SHOW PARAMETERS LIKE 'NETWORK_POLICY'"


@dataclass(frozen=True, slots=True)
class UserArguments:
    """A user's name, in any case."""

    user: str


@dataclass(frozen=True, slots=True)
class User:
    """One user. What nobody may tell the bot is None, "" for texts.

    `source` is "describe" for the user's owner (exact, now), or "account_usage" (lags by up to two hours, and knows no
    fingerprints). `network_policy` is the user's own where its owner
    asks, else the account's; `policy_level` is USER or ACCOUNT.
    `problems` says in words what keeps it out.
    """

    name: str
    source: str = ""
    type: str = ""
    is_disabled: bool | None = None
    is_locked: bool | None = None
    unlocks_at: datetime | None = None
    is_expired: bool | None = None
    expires_at: datetime | None = None
    must_change_password: bool | None = None
    has_key: bool | None = None
    fingerprints: tuple[str, ...] = ()
    key_set_at: datetime | None = None
    default_role: str = ""
    network_policy: str = ""
    policy_level: str = ""
    problems: tuple[str, ...] = ()


def read_user(client: SnowflakeClient, arguments: UserArguments, scope: Scope) -> User:
    """The user as its owner sees it, else as ACCOUNT_USAGE does; NotFound when neither shows it."""
    name = plain_name(arguments.user, "user")
    described: Sequence[Row] = ()
    with suppress(AccessDenied, NotFound):
        described = client.fetch(f"DESC USER {quoted(name)}", (), scope)
    viewed: Sequence[Row] = ()
    if not described:
        with suppress(AccessDenied, NotFound):
            viewed = client.fetch(FROM_VIEW, (name,), scope)
    if not described and not viewed:
        raise NotFound(
            SYSTEM, f"there is no user {name}, or the bot's role may neither describe it nor see ACCOUNT_USAGE"
        )
    policy: Sequence[Row] = ()
    for place in (f"FOR USER {quoted(name)}", "IN ACCOUNT"):
        if not policy:
            with suppress(AccessDenied, NotFound):
                policy = client.fetch(f"{POLICY} {place}", (), scope)
    return user_from(name, described, viewed, policy, scope.now)


def user_from(name: str, described: Sequence[Row], viewed: Sequence[Row], policy: Sequence[Row], now: datetime) -> User:
    """Facts from the rows of DESC USER or of FROM_VIEW, and of POLICY."""
    set_policy = policy[0] if policy and words(policy[0]["value"]) else {}
    shared = {
        "network_policy": words(set_policy.get("value")),
        "policy_level": words(set_policy.get("level")).upper(),
    }
    return _described(name, described, now, shared) if described else _viewed(name, viewed[0], now, shared)


def _described(name: str, rows: Sequence[Row], now: datetime, shared: Mapping[str, str]) -> User:
    # The documentation calls the second column property_value and its example value.
    texts = {words(row["property"]).upper(): words(row.get("value", row.get("property_value"))) for row in rows}
    days, minutes = texts.get("DAYS_TO_EXPIRY", ""), texts.get("MINS_TO_UNLOCK", "")
    expires = now + timedelta(days=number(days)) if days else None
    unlocks = now + timedelta(minutes=number(minutes)) if number(minutes) > 0 else None
    prints = tuple(
        fingerprint for key in ("RSA_PUBLIC_KEY_FP", "RSA_PUBLIC_KEY_2_FP") if (fingerprint := texts.get(key, ""))
    )
    return _with_problems(
        User(
            name=name,
            source="describe",
            type=texts.get("TYPE", ""),
            is_disabled=_truth(texts.get("DISABLED")),
            is_locked=unlocks is not None or _truth(texts.get("SNOWFLAKE_LOCK")) is True,
            unlocks_at=unlocks,
            is_expired=expires is not None and expires <= now,
            expires_at=expires,
            must_change_password=_truth(texts.get("MUST_CHANGE_PASSWORD")),
            has_key=bool(prints),
            fingerprints=prints,
            key_set_at=_instant(texts.get("RSA_PUBLIC_KEY_LAST_SET_TIME", "")),
            default_role=texts.get("DEFAULT_ROLE", ""),
            network_policy=shared["network_policy"],
            policy_level=shared["policy_level"],
        )
    )


def _viewed(name: str, row: Row, now: datetime, shared: Mapping[str, str]) -> User:
    expires, unlocks = moment(row["expires_at"]), moment(row["locked_until_time"])
    return _with_problems(
        User(
            name=name,
            source="account_usage",
            type=words(row["type"]),
            is_disabled=_truth(row["disabled"]),
            is_locked=(unlocks is not None and unlocks > now) or _truth(row["snowflake_lock"]) is True,
            unlocks_at=unlocks,
            is_expired=expires is not None and expires <= now,
            expires_at=expires,
            must_change_password=_truth(row["must_change_password"]),
            has_key=_truth(row["has_rsa_public_key"]),
            default_role=words(row["default_role"]),
            network_policy=shared["network_policy"],
            policy_level=shared["policy_level"],
        )
    )


def _with_problems(user: User) -> User:
    told = (
        (user.is_disabled, "it is disabled"),
        (user.is_locked, "it is locked"),
        (user.is_expired, "it has expired"),
        (user.must_change_password, "its password must be changed first"),
        (user.has_key is False, "it has no public key"),
    )
    return replace(user, problems=tuple(problem for is_so, problem in told if is_so))


def _instant(text: str) -> datetime | None:
    """None as well for a time in another form than ISO: DESC gives every value as text, and promises no form."""
    with suppress(ValueError):
        return moment(text)
    return None


def _truth(value: object) -> bool | None:
    text = words(value).lower()
    return {"true": True, "1": True, "false": False, "0": False}.get(text)


USER: Probe[SnowflakeClient, UserArguments, User] = Probe(
    name="snowflake.user",
    summary="Whether a user is disabled, locked or expired, which key it has and which network policy holds for it.",
    arguments=UserArguments,
    facts=User,
    read=read_user,
    typical=User(
        name="SVC_LOADER",
        source="describe",
        type="SERVICE",
        is_disabled=False,
        is_locked=False,
        is_expired=False,
        must_change_password=False,
        has_key=True,
        fingerprints=("SHA256:q3Zk0i0vR1m5b8o2nQ7yT4uW6xE9aS1dF3gH5jK7lM=",),
        key_set_at=datetime(2026, 11, 22, 18, 4, tzinfo=UTC),
        default_role="ECOMMERCE_LOADER",
        network_policy="ONLY_OFFICE",
        policy_level="ACCOUNT",
    ),
    empty=User(name="SVC_LOADER"),
    deadline_s=10.0,
)
