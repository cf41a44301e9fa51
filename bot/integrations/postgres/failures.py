"""What went wrong at PostgreSQL, in one plain sentence: psycopg2's errors become the bot's own."""

from typing import TYPE_CHECKING

from bot.alerts.redaction import redact
from bot.errors import AccessDenied, IntegrationError, NotFound, Unreachable

if TYPE_CHECKING:
    import psycopg2

SYSTEM = "postgres"

_DENIED_CODES = ("28", "42501")
_MISSING_CODES = ("3D000", "42P01", "42703", "42883")
_GONE_CODES = ("08", "57P", "53")
_CANCELED = "57014"
# A refused login carries no SQLSTATE in psycopg2, only the server's text (English unless lc_messages differs).
_DENIED_WORDS = (
    "authentication failed",
    "pg_hba.conf",
    "no password supplied",
    "not permitted to log in",
    "permission denied",
)


def translate(error: "psycopg2.Error", address: str, deadline_s: float) -> IntegrationError:
    """The error to raise instead: Unreachable, AccessDenied, NotFound, or IntegrationError for anything else."""
    code, text = error.pgcode or "", _first_line(str(error))
    if code == _CANCELED:
        return Unreachable(SYSTEM, f"cancelled the statement after {deadline_s:g} s: {text}")
    if code.startswith(_DENIED_CODES) or (not code and any(word in text for word in _DENIED_WORDS)):
        return AccessDenied(SYSTEM, text)
    if code in _MISSING_CODES or (not code and "database" in text and "does not exist" in text):
        return NotFound(SYSTEM, text)
    if not code or code.startswith(_GONE_CODES):
        return Unreachable(SYSTEM, _why_unreachable(text, address))
    return IntegrationError(SYSTEM, text)


def _why_unreachable(text: str, address: str) -> str:
    if "onnection refused" in text:
        return f"connection refused by {address}"
    if "could not translate host name" in text:
        return f"the host of {address} is not known"
    return text or f"the connection to {address} broke"


def _first_line(text: str) -> str:
    """The server's own sentence, without libpq's preamble, severity and hints."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    line = line.partition(" failed: ")[2] or line
    for severity in ("FATAL:", "ERROR:", "PANIC:"):
        line = line.removeprefix(severity).strip()
    return redact(line)[:300]
