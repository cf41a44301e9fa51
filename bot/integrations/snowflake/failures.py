"""What went wrong at Snowflake, in one plain sentence: the connector's errors become ours, by their numbers."""

import re
from typing import TYPE_CHECKING

from bot.alerts.redaction import redact
from bot.errors import AccessDenied, IntegrationError, NotFound, Unreachable

if TYPE_CHECKING:
    from snowflake.connector.errors import Error

SYSTEM = "snowflake"

_TIMED_OUT = frozenset({14, 604, 630, 250001, 250003, 251011, 290000})
"""14: connector 5's own deadlines; 604, 630: cancelled by the server's timeout; 25…, 29…: connector 4 gave up."""
_DENIED = frozenset({3001, 3003, 3013, 250006, 251005, 251006, 251008})
_MISSING = frozenset({2003, 2043})
_SESSION_ENDED = frozenset({390104, 390110, 390111, 390112, 390114, 390195})
_NO_DATABASE = frozenset({90105, 90106})
_LOGIN = range(390100, 390500)
_REFERENCES = re.compile(r"\s*\((?:request_id|sfqid|traceId)=[^)]*\)|, code: \d{6}$")
_PREAMBLE = re.compile(
    r"^(?:\d{6}(?: \([0-9A-Z]{5}\))?: )?(?:(?:None|[0-9a-f-]{36}): )?"
    r"(?:Failed to login: Login error: |Failed to connect to DB: \S+\. )?"
)


def translate(error: "Error", address: str, deadline_s: float) -> IntegrationError:
    """The error to raise instead: Unreachable, AccessDenied, NotFound, or IntegrationError for anything else."""
    number, text = number_of(error), _sentence(str(error.msg or error))
    if number in _MISSING:
        return NotFound(SYSTEM, text)
    if number in _LOGIN or number in _DENIED or error.sqlstate == "42501" or _is_login_refused(number, text):
        return AccessDenied(SYSTEM, text)
    if number in _TIMED_OUT:
        return Unreachable(SYSTEM, f"{address} did not answer within {deadline_s:g} s")
    if number in _NO_DATABASE:
        return IntegrationError(SYSTEM, "the session has no database: set SNOWFLAKE_DATABASE")
    return IntegrationError(SYSTEM, text)


def _is_login_refused(number: int, text: str) -> bool:
    """Connector 4 says 250001 both when nobody answers and when the login is refused."""
    return number == 250001 and re.search(r"username or password|JWT|not allowed|locked", text) is not None


def has_session_ended(error: "Error") -> bool:
    """True when the statement was not run because the server knows our session no more."""
    return number_of(error) in _SESSION_ENDED


def number_of(error: "Error") -> int:
    """The connector's errno; -1 where it gives none."""
    return -1 if error.errno is None else int(error.errno)


def _sentence(text: str) -> str:
    text = _PREAMBLE.sub("", _REFERENCES.sub("", text))
    return redact(" ".join(text.split()))[:300]
