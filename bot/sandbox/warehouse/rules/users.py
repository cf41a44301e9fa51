"""DESC USER, ALTER USER, CREATE NETWORK POLICY."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.login import fingerprint, public_key
from bot.sandbox.warehouse.names import ACCOUNT, parts
from bot.sandbox.warehouse.results import Result, columns, status
from bot.sandbox.warehouse.rules import NAME, Context, assignments, named, rule
from bot.sandbox.warehouse.users import NetworkPolicy, User

_DESCRIBE = 0x4500
# Names and order as in the documented example of DESCRIBE USER; properties that a stand-in cannot fill are left out.
_COLUMNS = columns(property="text", value="text", default="text", description="text")
_PEM = "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n"


def _find(context: Context, written: str) -> User:
    """The user, if the role owns it or is the user's own (documented); else it does not exist for this role."""
    name = parts(written)[0]
    user = context.account.users.get(name)
    if user is None or not (name == context.session.user or context.holds(("OWNERSHIP",), "USER", name)):
        raise errors.not_found("User", name)
    return user


def describe(context: Context, match: re.Match[str]) -> Result:
    """A user's properties."""
    user, now = _find(context, match[1]), datetime.now(UTC)
    key = public_key(user, context.account)
    rows = (
        ("NAME", user.name, "null", "Name"),
        ("TYPE", user.type, "null", "Type of the user"),
        ("LOGIN_NAME", user.name, "null", "Login name of the user"),
        ("MUST_CHANGE_PASSWORD", _word(user.must_change_password), "false", "User must change the password"),
        ("DISABLED", _word(user.disabled), "false", "Whether the entity is disabled"),
        ("SNOWFLAKE_LOCK", "false", "false", "Whether the user, account, or organization is locked by Snowflake"),
        ("DAYS_TO_EXPIRY", _left(user.expires_at, now, 86_400), "null", "User record will be treated as expired after"),
        (
            "MINS_TO_UNLOCK",
            _left(user.locked_until, now, 60),
            "null",
            "Temporary lock on the user will be removed after",
        ),
        ("DEFAULT_WAREHOUSE", user.default_warehouse, "null", "Default warehouse for this user"),
        ("DEFAULT_NAMESPACE", user.default_namespace, "null", "Default database namespace prefix for this user"),
        ("DEFAULT_ROLE", user.default_role, "null", "Primary principal of user session will be set to this role"),
        ("HAS_MFA", "false", "false", "Whether the user is enrolled in multi-factor authentication"),
        ("RSA_PUBLIC_KEY_FP", fingerprint(key) if key else "null", "null", "Fingerprint of user's RSA public key."),
        ("RSA_PUBLIC_KEY_LAST_SET_TIME", f"{user.key_set_at:%Y-%m-%d %H:%M:%S.000}", "null", "When it was last set"),
        ("RSA_PUBLIC_KEY_2_FP", "null", "null", "Fingerprint of user's second RSA public key."),
        ("PASSWORD_LAST_SET_TIME", "null", "null", "The timestamp on which the last non-null password was set"),
    )
    return Result(_COLUMNS, rows, _DESCRIBE)


def _word(value: bool) -> str:
    return "true" if value else "false"


def _left(until: datetime | None, now: datetime, unit_s: int) -> str:
    if until is None:
        return "null"
    left = (until - now).total_seconds() / unit_s
    return f"{left:.6f}" if unit_s > 3600 else str(max(0, round(left)))


def alter(context: Context, match: re.Match[str]) -> Result:
    """ALTER USER … SET: OWNERSHIP, also for a user's own name."""
    try:
        user = _find(context, match["name"])
    except errors.Refusal:
        if match["exists"]:
            return status()
        raise
    if not context.holds(("OWNERSHIP",), "USER", user.name):
        raise errors.insufficient("user", user.name)
    wanted = assignments(match["settings"])
    for target in (replace(user, parameters={}), user):  # tried on a copy first: all of it is set, or nothing
        for key, value in wanted.items():
            _set(context, target, key, value)
    return status()


def _set(context: Context, user: User, key: str, value: str) -> None:
    now = datetime.now(UTC)
    if key in ("DISABLED", "MUST_CHANGE_PASSWORD"):
        if value.upper() not in ("TRUE", "FALSE"):
            raise errors.invalid_value(value, key)
        setattr(user, key.lower(), value.upper() == "TRUE")
    elif key == "MINS_TO_UNLOCK":
        user.locked_until = now + timedelta(minutes=_whole(key, value))
    elif key == "DAYS_TO_EXPIRY":
        user.expires_at = now + timedelta(days=_whole(key, value))
    elif key == "RSA_PUBLIC_KEY":
        user.public_key, user.key_set_at = _PEM.format(value), now
    elif key == "NETWORK_POLICY":
        if value.upper() not in context.account.policies:
            raise errors.not_found("Network policy", value.upper())
        user.network_policy = value.upper()
    elif key.endswith("_IN_SECONDS"):
        user.parameters[key] = _whole(key, value)
    else:
        raise errors.syntax_error(f"invalid property '{key}' for 'USER'")


def _whole(key: str, value: str) -> int:
    if not value.isdigit():
        raise errors.invalid_value(value, key)
    return int(value)


def create_policy(context: Context, match: re.Match[str]) -> Result:
    """CREATE NETWORK POLICY … ALLOWED_IP_LIST: CREATE NETWORK POLICY on the account."""
    if not context.holds(("CREATE NETWORK POLICY",), "ACCOUNT", ACCOUNT):
        raise errors.insufficient("account", ACCOUNT)
    name, allowed = parts(match[1])[0], tuple(re.findall(r"'([^']+)'", match[2]))
    context.account.policies[name] = NetworkPolicy(name, allowed)
    return status(f"Network policy {name} successfully created.")


RULES = (
    rule(rf"DESC(?:RIBE)? USER {NAME}", describe),
    rule(rf"ALTER USER(?P<exists> IF EXISTS)? {named(NAME, 'name')} SET (?P<settings>.+)", alter),
    rule(rf"CREATE(?: OR REPLACE)? NETWORK POLICY {NAME} ALLOWED_IP_LIST = \(([^)]*)\)", create_policy),
)
