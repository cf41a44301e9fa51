"""Stage 3: names of alerts spelt as words, so that what people and tools say in words also matches their names.

`PostgreSQLMaxConnectionsReached` says "Postgresql Max Connections Reached"; `[FIRING:1] dag_run_duration_sla` says
"dag run duration sla"; CloudWatch's `ALARM: "rds-connections-high"` says "rds connections high". Only names that begin
with a capital and have three parts, or that follow a mark of an alert, are spelt: tables, tasks and columns are names,
not statements.
"""

import re

import re2

MOST = 20  # names spelt of one text

_CAMEL = re.compile(r"\b(?:[A-Z]+[a-z0-9]+){3,12}\b")
_MARKED = re.compile(
    r"(?:\[(?:FIRING|ALERT|CRIT|WARN)[^\]\n]{0,40}\]|\bal(?:ert|arm) ?name\b\W{0,2}[=:]|\bALARM:?(?= [\"“]))"
    r"\s*[\"“]?([\w\-]{1,120})",
    re.I,
)
_WHOLE = re.compile(r"PostgreSQL|PgBouncer|MySQL|DeadLock|BigQuery|GitHub")  # capitals inside, and yet one word
_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_\-]+")

_EITHER = re2.compile(
    rb"[A-Z][a-z0-9]+[A-Z]+[a-z0-9]+[A-Z]+[a-z0-9]"
    rb"|(?i:\[(?:FIRING|ALERT|CRIT|WARN)|al(?:ert|arm) ?name|ALARM:? [\"\xe2])"
)


def may_name(encoded: bytes) -> bool:
    """Whether this UTF-8 text may hold such a name: most texts hold none, and looking for one takes long."""
    return _EITHER.search(encoded) is not None


def spell_names(text: str) -> str:
    """The text, and on lines of their own after it the first 20 of such names as words. Linear in the text."""
    names = [found.group() for found in _CAMEL.finditer(text)]
    names += (found[1] for found in _MARKED.finditer(text))
    spelt = [words for name in dict.fromkeys(names[:MOST]) if " " in (words := _words(name))]
    return "\n".join((text, *spelt)) if spelt else text


def _words(name: str) -> str:
    return _BORDER.sub(" ", _WHOLE.sub(lambda found: found.group().capitalize(), name)).strip()
