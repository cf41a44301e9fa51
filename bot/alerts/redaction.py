"""Beside stage 2: takes secrets out of any text before it is shown, logged or kept."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from bot.alerts.shape import writable

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
    | \bgh[pousr]_[A-Za-z0-9]{20,} | \bgithub_pat_[A-Za-z0-9_]{20,} | \bglpat-[A-Za-z0-9_-]{20,}
    | \bdbt[cu]_[A-Za-z0-9+/=_-]{20,} | \bdapi[0-9a-f]{32}\b | \bAIza[A-Za-z0-9_-]{35}
    | \bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{20,}
    | https://hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]+
    """,
    re.VERBOSE,
)
_URL_PASSWORD = re.compile(
    r"(?P<before>\b[a-z][a-z0-9+.-]{0,30}://[^\s/:@]{0,100}:)(?P<secret>\S{1,300})@(?=[\w.\[%-])", re.I
)
# "Basic authentication failed" is no secret: without the header's name a token must hold a digit.
_SIGNED = re.compile(
    r"(?P<before>[?&](?:sig|signature|x-amz-(?:signature|security-token|credential)|x-goog-(?:signature|credential)"
    r"|access_?token)=)(?P<secret>[^&\s'\"<>)]{6,2000})",
    re.IGNORECASE,
)
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
        (?:password|passwd|passphrase|pwd|secret|token|(?:api|access|secret)[ _-]?key|private[_-]?key
           |client[_-]?secret|authorization)
        (?: ['"*`_]{0,3}\s{0,3}(?:=>|=|:)[*_]{0,3}\s{0,3} | [*]\n )
    )
    (?P<secret> `[^`\n]{1,300}` | '(?:[^'\\\n]|\\.|''){1,300}' | "(?:[^"\\\n]|\\.){1,300}"
              | [^\s,;&'"<>()\[\]{}]{3,300} )
    """,
    re.IGNORECASE | re.VERBOSE,
)


def redact(text: str) -> str:
    """The same text with every recognised secret replaced by `•••`; running it again changes nothing.

    Knows passwords in URLs and in `key=value` settings (libpq DSNs, JSON, YAML, environment), bearer tokens and
    JWTs, tokens of Slack, Stripe, GitHub, GitLab, AWS, dbt Cloud, Databricks, Google and OpenAI, signatures in URLs
    (S3, GCS and Azure links), Slack webhook addresses and PEM private keys. A secret in a
    shape of its own is not recognised: this is the last fence, not the first.
    What is handed back can be written as UTF-8.
    """
    text = _WHOLE.sub(HIDDEN, writable(text))
    text = _URL_PASSWORD.sub(rf"\g<before>{HIDDEN}@", text)
    text = _SIGNED.sub(rf"\g<before>{HIDDEN}", text)
    text = _BEARER.sub(rf"\g<before>{HIDDEN}", text)
    text = _SQL.sub(rf"\g<before>'{HIDDEN}'", text)
    return _ASSIGNED.sub(_hide_assigned, text)


def redact_within(value: Any) -> Any:
    """The same value with `redact` run on every text in it: dataclasses, mappings, lists and tuples are looked into.

    Keys stay, and a text under one such as `password` is a secret, whatever it looks like. What holds none is handed
    back as it is.
    """
    if isinstance(value, str):
        return redact(value)
    if is_dataclass(value) and not isinstance(value, type):
        old = {each.name: getattr(value, each.name) for each in fields(value) if each.init}
        new = {name: redact_within(inner) for name, inner in old.items()}
        return value if _is_same(new.values(), old.values()) else replace(value, **new)
    if isinstance(value, Mapping):
        return {key: HIDDEN if _is_secret(key, inner) else redact_within(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        items = [redact_within(inner) for inner in value]
        if _is_same(items, value):
            return value
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    return value


def _is_secret(key: object, value: object) -> bool:
    return isinstance(value, str) and value != "" and _ASSIGNED.search(f"{key}: {HIDDEN}") is not None


def _is_same(new: Iterable[Any], old: Iterable[Any]) -> bool:
    return all(one is other or one == other for one, other in zip(new, old, strict=True))


def _hide_assigned(found: re.Match[str]) -> str:
    secret = found["secret"]
    if secret.lower() in {"bearer", "basic", HIDDEN}:
        return found[0]
    quote = secret[0] if secret[0] in "'\"" or (secret[0] == "`" == secret[-1]) else ""
    return f"{found['before']}{quote}{HIDDEN}{quote}"
