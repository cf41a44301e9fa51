"""Beside stage 2: takes secrets out of any text before it is shown, logged or kept."""

import re

HIDDEN = "•••"
"""What stands where a secret stood."""

_WHOLE = re.compile(
    r"""
      -----BEGIN\ (?P<kind>[A-Z0-9 ]{0,30})PRIVATE\ KEY-----
          (?:[^-]{0,16384}-----END\ (?P=kind)PRIVATE\ KEY-----|[A-Za-z0-9+/=\\\s]{0,16384})
    | \bxox[a-z]-[A-Za-z0-9-]{6,} | \bxapp-[A-Za-z0-9-]{6,} | \bxoxe\.xox[bp]-[A-Za-z0-9-]{6,}
    | \beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}
    | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b
    | \b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{8,} | \bwhsec_[A-Za-z0-9]{8,}
    | \bgh[pousr]_[A-Za-z0-9]{20,} | \bgithub_pat_[A-Za-z0-9_]{20,}
    | https://hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]+
    """,
    re.VERBOSE,
)
_URL_PASSWORD = re.compile(
    r"(?P<before>\b[a-z][a-z0-9+.-]{0,30}://[^\s/:@]{0,100}:)(?P<secret>\S{1,300})@(?=[\w.\[%-])", re.I
)
# "Basic authentication failed" is no secret: without the header's name a token must hold a digit.
_BEARER = re.compile(
    r"""
    (?P<before> authorization['"]?\s{0,3}[:=]\s{0,3}['"]?(?:bearer|basic|token)\s+ | \bbearer\s+(?=\S{0,60}\d) )
    (?P<secret> [A-Za-z0-9._~+/-]{8,}=* )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SQL = re.compile(
    r"(?P<before>\b(?:password|identified\s+by|passphrase)\s+)(?P<secret>'(?:[^'\n]|''){1,300}')", re.IGNORECASE
)
_ASSIGNED = re.compile(
    r"""
    (?P<before>
        (?<![A-Za-z0-9])(?:[A-Za-z0-9_.-]{0,40}[_.-])?
        (?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key
           |client[_-]?secret|authorization)
        ['"]?\s{0,3}(?:=>|=|:)\s{0,3}
    )
    (?P<secret> '(?:[^'\\\n]|\\.|''){1,300}' | "(?:[^"\\\n]|\\.){1,300}" | [^\s,;&'"<>()\[\]{}]{3,300} )
    """,
    re.IGNORECASE | re.VERBOSE,
)


def redact(text: str) -> str:
    """The same text with every recognised secret replaced by `•••`; running it again changes nothing.

    Knows passwords in URLs and in `key=value` settings (libpq DSNs, JSON, YAML, environment), bearer tokens and
    JWTs, tokens of Slack, Stripe, GitHub and AWS, Slack webhook addresses and PEM private keys. A secret in a
    shape of its own is not recognised: this is the last fence, not the first.
    """
    text = _WHOLE.sub(HIDDEN, text)
    text = _URL_PASSWORD.sub(rf"\g<before>{HIDDEN}@", text)
    text = _BEARER.sub(rf"\g<before>{HIDDEN}", text)
    text = _SQL.sub(rf"\g<before>'{HIDDEN}'", text)
    return _ASSIGNED.sub(_hide_assigned, text)


def _hide_assigned(found: re.Match[str]) -> str:
    secret = found["secret"]
    if secret.lower() in {"bearer", "basic", HIDDEN}:
        return found[0]
    quote = secret[0] if secret[0] in "'\"" else ""
    return f"{found['before']}{quote}{HIDDEN}{quote}"
