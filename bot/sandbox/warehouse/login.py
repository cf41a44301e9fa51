"""Logging in: a key-pair JWT is verified, and the session gets the role and warehouse it may have."""

import base64
import hashlib
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from bot.sandbox.warehouse import account as accounts
from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.account import Account
from bot.sandbox.warehouse.sessions import MASTER_VALIDITY_SECONDS, VALIDITY_SECONDS, Session, User

SERVER_VERSION = "9.34.0"
_LEEWAY_SECONDS = 60


def fingerprint(key: RSAPublicKey) -> str:
    """`SHA256:` and the base64 digest of the key's DER form, as DESC USER and the JWT's issuer have it."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return "SHA256:" + base64.b64encode(hashlib.sha256(der).digest()).decode()


def verify(token: str, user: str, account: Account) -> None:
    """Refuse with 390144 unless the token was signed by the user's key, names it, and has not expired."""
    try:
        key = load_pem_public_key((account.keys / f"{user}.pub").read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as problem:
        raise errors.bad_jwt(f"no usable public key of {user}") from problem
    if not isinstance(key, RSAPublicKey):
        raise errors.bad_jwt(f"the public key of {user} is not an RSA key")
    subject = f"{accounts.NAME}.{user}"
    try:
        jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            issuer=f"{subject}.{fingerprint(key)}",
            subject=subject,
            leeway=_LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "sub"], "verify_aud": False},
        )
    except jwt.InvalidTokenError as problem:
        raise errors.bad_jwt(str(problem)) from problem


def log_in(data: dict[str, Any], query: dict[str, str], account: Account) -> Session:
    """Open a session for a login request's `data` and URL parameters, or refuse."""
    name = str(data.get("LOGIN_NAME") or "").upper()
    if text := account.faults.refused(name):
        raise errors.Refusal("390100", "08001", text)
    if data.get("AUTHENTICATOR") != "SNOWFLAKE_JWT":
        raise errors.bad_password()
    user = account.users.get(name)
    if user is None or "/" in name:
        raise errors.bad_jwt("no such user")
    verify(str(data.get("TOKEN")), name, account)
    session = _open(user, query, account)
    session.client = str(data.get("CLIENT_APP_VERSION") or "")
    session.parameters = {k.upper(): v for k, v in (data.get("SESSION_PARAMETERS") or {}).items()}
    return session


def _open(user: User, query: dict[str, str], account: Account) -> Session:
    role = _named(query.get("roleName")) or user.default_role
    if not account.grants.may_use_role(user.name, role):
        raise errors.role_refused_at_login(role)
    warehouse = _named(query.get("warehouse")) or user.default_warehouse
    if not account.grants.holds(role, ("USAGE",), "WAREHOUSE", warehouse):
        warehouse = ""
    database, schema = _named(query.get("databaseName")), _named(query.get("schemaName"))
    if database is None:
        database, _, rest = user.default_namespace.partition(".")
        schema = schema or rest or None
    if not account.engine.has_database(database) or not account.grants.sees(role, "DATABASE", database):
        database, schema = None, None
    if database:
        schema = visible_schema(database, schema or "PUBLIC", role, account)
    return account.sessions.open(user.name, role, warehouse or None, account.engine.lane(database, schema))


def visible_schema(database: str, schema: str, role: str, account: Account) -> str | None:
    """The schema if it exists and the role may know of it; else a session has no current schema."""
    exists = account.engine.has_schema(database, schema)
    return schema if exists and account.grants.sees(role, "SCHEMA", f"{database}.{schema}") else None


def _named(text: str | None) -> str | None:
    if not text:
        return None
    return text[1:-1] if text.startswith('"') and text.endswith('"') and len(text) > 2 else text.upper()


def payload(session: Session, name: str) -> dict[str, Any]:
    """What the client is told of its new session; the fields 5.x asks for besides are the last seven."""
    return {
        "token": session.token,
        "parameters": [{"name": key, "value": value} for key, value in _parameters(session).items()],
        "sessionInfo": {
            "databaseName": session.lane.database,
            "schemaName": session.lane.schema,
            "warehouseName": session.warehouse,
            "roleName": session.role,
        },
        "serverVersion": SERVER_VERSION,
        "masterToken": session.master,
        "validityInSeconds": VALIDITY_SECONDS,
        "masterValidityInSeconds": MASTER_VALIDITY_SECONDS,
        "sessionId": session.id,
        "displayUserName": name,
        "healthCheckInterval": 45,
        "idToken": None,
    }


def _parameters(session: Session) -> dict[str, Any]:
    return {
        "AUTOCOMMIT": session.parameter("AUTOCOMMIT"),
        "TIMEZONE": "Etc/UTC",
        "QUERY_TAG": session.parameter("QUERY_TAG"),
        "STATEMENT_TIMEOUT_IN_SECONDS": session.parameter("STATEMENT_TIMEOUT_IN_SECONDS"),
        "CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY": 3600,
        # 0 keeps an array binding inline; anything else makes the client stage it with PUT first.
        "CLIENT_STAGE_ARRAY_BINDING_THRESHOLD": 0,
    }
