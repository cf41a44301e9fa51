"""ACCOUNT_USAGE.USERS: the account's users as a table, written anew whenever somebody asks."""

from datetime import UTC, datetime

from bot.sandbox.warehouse.account import Account
from bot.sandbox.warehouse.login import public_key
from bot.sandbox.warehouse.placeholders import marks

TABLE = "_fs_global.account.users"

# Names as documented for the view; the columns the sandbox cannot fill are left out.
COLUMNS = {
    "NAME": "VARCHAR",
    "LOGIN_NAME": "VARCHAR",
    "TYPE": "VARCHAR",
    "MUST_CHANGE_PASSWORD": "BOOLEAN",
    "DISABLED": "VARCHAR",
    "SNOWFLAKE_LOCK": "VARCHAR",
    "DEFAULT_WAREHOUSE": "VARCHAR",
    "DEFAULT_NAMESPACE": "VARCHAR",
    "DEFAULT_ROLE": "VARCHAR",
    "LAST_SUCCESS_LOGIN": "TIMESTAMPTZ",
    "EXPIRES_AT": "TIMESTAMPTZ",
    "LOCKED_UNTIL_TIME": "TIMESTAMPTZ",
    "HAS_PASSWORD": "BOOLEAN",
    "HAS_RSA_PUBLIC_KEY": "BOOLEAN",
    "DELETED_ON": "TIMESTAMPTZ",
}


def written(account: Account) -> str:
    """The table's name, holding the users as they are now."""
    now = datetime.now(UTC)
    rows = [
        (
            user.name,
            user.name,
            user.type,
            user.must_change_password,
            str(user.disabled).lower(),
            "false",
            user.default_warehouse,
            user.default_namespace,
            user.default_role,
            user.last_success,
            user.expires_at,
            user.locked_until if user.is_locked(now) else None,
            False,
            public_key(user, account) is not None,
            None,
        )
        for user in account.users.values()
    ]
    fields = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    account.engine.query(f"CREATE OR REPLACE TABLE {TABLE} ({fields})")
    account.engine.query(
        f"INSERT INTO {TABLE} VALUES {marks(len(rows), len(COLUMNS))}",  # noqa: S608 - our own name
        [value for row in rows for value in row],
    )
    return TABLE
