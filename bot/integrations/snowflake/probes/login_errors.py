"""What the numbers of refused logins mean, and what is done about each.

Documented: 390133 to 390192 (federated authentication), 390144 and 3943xx (key pairs), 390422 (network policies);
the others as drivers and vendors quote them. LOGIN_HISTORY names 3943xx where the client is only told 390144.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoginError:
    """`kind` groups what is mended the same way: key, password, locked, disabled, address, role, token, federated."""

    kind: str
    meaning: str
    advice: str


_KEY = "compare the fingerprint of the private key with RSA_PUBLIC_KEY_FP of the user"
_CLOCK = "check the clock of the machine that logs in: a token counts for a minute"
_IDENTITY = "ask whoever runs the identity provider"
_ERRORS: dict[int, LoginError] = {
    390100: LoginError(
        "password", "the user name or the password is wrong", "a rotated password, or a user that is gone"
    ),
    390101: LoginError(
        "disabled", "the user is disabled", "an administrator enables it: ALTER USER … SET DISABLED = FALSE"
    ),
    390102: LoginError(
        "locked", "the user is locked after wrong passwords", "wait 15 minutes, or ALTER USER … SET MINS_TO_UNLOCK = 0"
    ),
    390106: LoginError(
        "password", "the password has expired", "it is changed on the web page, or replaced by a key pair"
    ),
    390114: LoginError(
        "token", "the session's token has expired", "log in anew; a client kept one session for too long"
    ),
    390139: LoginError("federated", "this way of logging in is not allowed for the account", _IDENTITY),
    390144: LoginError("key", "the key pair's token is invalid", _KEY),
    390189: LoginError("role", "the role does not exist, or the user no longer holds it", "GRANT ROLE … TO USER …"),
    390192: LoginError("federated", "federated login is not enabled for the user", _IDENTITY),
    390195: LoginError("token", "the identity token is invalid", "log in anew"),
    390318: LoginError("token", "the OAuth access token has expired", "the client must renew its token"),
    390422: LoginError(
        "address", "a network policy refuses the address", "add the address to the policy's ALLOWED_IP_LIST"
    ),
    394300: LoginError(
        "key", "no user has the name that the token was issued for", "check account and user name of the client"
    ),
    394301: LoginError("key", "the token has no issue or expiry time", "the client makes its token wrongly"),
    394302: LoginError("key", "the token arrived more than 60 s after it was issued", _CLOCK),
    394303: LoginError("key", "the token has expired", _CLOCK),
    394304: LoginError("key", "the public key at Snowflake is not the one of the private key that is used", _KEY),
    394305: LoginError("key", "the token was not signed with RS256", "the client makes its token wrongly"),
    394306: LoginError("key", "the token's signature does not fit the public key", _KEY),
    394307: LoginError("key", "the token is for another account", "check the account name of the client"),
    394400: LoginError(
        "token", "the programmatic access token is invalid or has expired", "an administrator makes a new one"
    ),
}
_SAML = range(390165, 390185)


def explain(code: int, name: str = "") -> LoginError:
    """What the number means; for one that is not known its own name in plain words, and no advice."""
    if code in _ERRORS:
        return _ERRORS[code]
    if code in _SAML or code == 390133:
        return LoginError("federated", "the identity provider's answer is invalid", _IDENTITY)
    return LoginError("other", name.replace("_", " ").lower() or f"error {code}", "")
