"""derived.login_cause: why a login is refused, from Snowflake's history and the user's own standing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.diagnostics.derivation import Derivation


@dataclass(frozen=True, slots=True)
class LoginArguments:
    """The facts of snowflake.logins and snowflake.user; the second may be missing."""

    logins: Any = None
    user: Any = None


@dataclass(frozen=True, slots=True)
class LoginCause:
    """`kind` as in snowflake.logins (key, password, locked, disabled, address, role …), over (it works again), none
    (nobody's login failed), or unknown (the bot may see nobody's logins). `since` is the change that likely did it."""

    kind: str = "unknown"
    sentence: str = "The bot may see nobody's logins."
    advice: str = ""
    user: str = ""
    since: str = ""


def find_login_cause(arguments: LoginArguments, now: datetime) -> LoginCause:
    """The worst of the refused users; what was changed since it last worked is named where it is known."""
    logins, user = arguments.logins, arguments.user
    if logins is None or not logins.attempts:
        return LoginCause()
    worst = logins.worst
    if worst is None:
        return LoginCause("none", "No login that the bot may see was refused lately.")
    if worst.is_over:
        return LoginCause(
            "over", f"{worst.user} was refused ({worst.meaning}), but has logged in since.", "", worst.user
        )
    sentence = f"{worst.user} is refused: {worst.meaning}."
    return LoginCause(worst.kind, sentence, worst.advice, worst.user, _since(worst, user))


def _since(worst: Any, user: Any) -> str:
    if user is None or user.name != worst.user:
        return ""
    set_at, worked_at = user.key_set_at, worst.last_success_at
    if worst.kind == "key" and set_at is not None and (worked_at is None or set_at > worked_at):
        return "its public key was set anew after its last login that worked"
    if worst.kind == "address" and user.network_policy:
        return f"the network policy {user.network_policy} holds for it"
    if worst.client_ip and worst.last_success_ip and worst.client_ip != worst.last_success_ip:
        return f"it comes from {worst.client_ip}, and last came in from {worst.last_success_ip}"
    return ""


LOGIN_CAUSE: Derivation[LoginArguments, LoginCause] = Derivation(
    name="derived.login_cause",
    summary="Why a login is refused, what to do about it, and what changed since it last worked.",
    arguments=LoginArguments,
    facts=LoginCause,
    derive=find_login_cause,
    typical=LoginCause(
        "key",
        "SVC_LOADER is refused: the public key at Snowflake is not the one of the private key that is used.",
        "compare the fingerprint of the private key with RSA_PUBLIC_KEY_FP of the user",
        "SVC_LOADER",
        "its public key was set anew after its last login that worked",
    ),
    empty=LoginCause(),
)
