"""Logging in: a key-pair JWT is verified, and the session gets the role and warehouse it may have."""

import base64
import hashlib
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.account import Account
from bot.sandbox.warehouse.logins import Attempt
from bot.sandbox.warehouse.names import ACCOUNT
from bot.sandbox.warehouse.sessions import MASTER_VALIDITY_SECONDS, VALIDITY_SECONDS, Session
from bot.sandbox.warehouse.users import User

SERVER_VERSION = "9.34.0"
_LEEWAY_SECONDS = 60
MISMATCH = "JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH"


def fingerprint(key: RSAPublicKey) -> str:
    """`SHA256:` and the base64 digest of the key's DER form, as DESC USER and the JWT's issuer have it."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return "SHA256:" + base64.b64encode(hashlib.sha256(der).digest()).decode()


def public_key(user: User, account: Account) -> RSAPublicKey | None:
    """The key that was set for the user, or the one in the folder of keys; None when there is no usable one."""
    try:
        written = user.public_key.encode() or (account.keys / f"{user.name}.pub").read_bytes()
        key = load_pem_public_key(written)
    except (OSError, ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, RSAPublicKey) else None


def verify(token: str, user: User, account: Account) -> None:
    """Refuse with 390144 unless the token was signed by the user's key, names it, and has not expired.

    The fingerprint is compared first, as Snowflake does: another key is told from a broken signature.
    """
    key = public_key(user, account)
    if key is None:
        raise errors.bad_jwt(f"no usable public key of {user.name}")
    subject = f"{ACCOUNT}.{user.name}"
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
        if claims.get("iss") != f"{subject}.{fingerprint(key)}":
            raise errors.bad_jwt("the issuer names another key or user", f"394304 {MISMATCH}")
        jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            subject=subject,
            leeway=_LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "sub"], "verify_aud": False},
        )
    except jwt.ExpiredSignatureError as problem:
        raise errors.bad_jwt(str(problem), "394303 JWT_TOKEN_INVALID_EXPIRATION_TIME") from problem
    except jwt.InvalidSignatureError as problem:
        raise errors.bad_jwt(str(problem), "394306 JWT_TOKEN_INVALID_SIGNATURE") from problem
    except jwt.ImmatureSignatureError as problem:
        raise errors.bad_jwt(str(problem), "394302 JWT_TOKEN_INVALID_ISSUE_TIME") from problem
    except jwt.InvalidTokenError as problem:
        raise errors.bad_jwt(str(problem)) from problem


def log_in(data: dict[str, Any], query: dict[str, str], account: Account, address: str) -> Session:
    """Open a session for a login request's `data` and URL parameters, or refuse; either way history knows of it."""
    attempt = Attempt(
        user=str(data.get("LOGIN_NAME") or "").upper(),
        address=address,
        application=str(data.get("CLIENT_APP_ID") or ""),
        version=str(data.get("CLIENT_APP_VERSION") or ""),
        authenticator=str(data.get("AUTHENTICATOR") or ""),
    )
    try:
        session = _admit(attempt, data, query, account)
    except errors.Refusal as refusal:
        account.logins.add(attempt, refusal)
        raise
    account.logins.add(attempt)
    account.users[session.user].succeeded(attempt.at)
    return session


def _admit(attempt: Attempt, data: dict[str, Any], query: dict[str, str], account: Account) -> Session:
    if text := account.faults.refused(attempt.user):
        raise errors.Refusal("390100", "08001", text)
    user = account.users.get(attempt.user)
    if user is not None:
        _check_standing(user, attempt, account)
    if attempt.authenticator != "SNOWFLAKE_JWT":
        if user is not None:
            user.failed(attempt.at)
        raise errors.bad_password()
    if user is None:
        raise errors.bad_jwt("no such user", "394300 JWT_TOKEN_INVALID_USER_IN_ISSUER")
    verify(str(data.get("TOKEN")), user, account)
    session = _open(user, query, account)
    session.client = attempt.version
    session.inherited = account.parameters | user.parameters
    session.parameters = {k.upper(): v for k, v in (data.get("SESSION_PARAMETERS") or {}).items()}
    return session


def _check_standing(user: User, attempt: Attempt, account: Account) -> None:
    """Refuse whoever is kept out, whatever they carry."""
    policy = account.policies.get(user.network_policy or str(account.parameters.get("NETWORK_POLICY", "")))
    if policy is not None and not policy.allows(attempt.address):
        raise errors.address_refused(attempt.address)
    if user.disabled or user.is_expired(attempt.at):
        raise errors.user_disabled()
    if user.locked_until is not None and user.is_locked(attempt.at):
        raise errors.user_locked(1 + int((user.locked_until - attempt.at).total_seconds()) // 60)


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
