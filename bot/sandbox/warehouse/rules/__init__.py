"""Statements the layer carries out itself, each a pattern on the comment-free text and a function."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.history import Record
from bot.sandbox.warehouse.jobs import Job
from bot.sandbox.warehouse.results import Result
from bot.sandbox.warehouse.sessions import Session

if TYPE_CHECKING:
    from bot.sandbox.warehouse.account import Account

NAME = r'("(?:[^"]|"")+"|[A-Za-z_][\w$]*)'
DOTTED = r'((?:"(?:[^"]|"")+"|[A-Za-z_][\w$]*)(?:\.(?:"(?:[^"]|"")+"|[A-Za-z_][\w$]*))*)'
LIKE = r"(?: LIKE '((?:[^']|'')*)')?"


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may look at and change while it carries out one statement."""

    account: Account
    session: Session
    job: Job
    record: Record

    def holds(self, privileges: tuple[str, ...], kind: str, name: str) -> bool:
        """True when the session's role holds one of the privileges, or nothing is enforced."""
        return not self.session.enforce or self.account.grants.holds(self.session.role, privileges, kind, name)

    def sees(self, kind: str, name: str) -> bool:
        """True when the session's role may know that the object exists."""
        return not self.session.enforce or self.account.grants.sees(self.session.role, kind, name)

    def take_compute(self) -> None:
        """Have the session's warehouse compute this statement; refused when there is none or it may not run."""
        session = self.session
        if not session.enforce or self.job.warehouse:
            return
        if not session.warehouse or not self.holds(("USAGE",), "WAREHOUSE", session.warehouse):
            raise errors.no_warehouse()
        warehouse = self.account.compute.use(session.warehouse, self.job)
        self.record.size = warehouse.size
        limit = warehouse.statement_timeout
        if limit and (not self.job.timeout or limit < self.job.timeout):
            self.job.timeout = limit
        self.account.history.write(self.record)


Handler = Callable[[Context, "re.Match[str]"], Result]
Rule = tuple["re.Pattern[str]", Handler]


def rule(pattern: str, handler: Handler) -> Rule:
    """A rule for whole statements; a blank in the pattern stands for white space between words."""
    flexible = pattern.replace(" ", r"\s+")
    return re.compile(rf"{flexible}\s*$", re.IGNORECASE | re.DOTALL), handler


def named(pattern: str, group: str) -> str:
    """The pattern with its group named."""
    return f"(?P<{group}>{pattern[1:]}"


_ASSIGNMENT = re.compile(r"""(\w+)\s*=\s*('(?:[^']|'')*'|"[^"]*"|[\w.+-]+)[\s,]*""")


def assignments(text: str) -> dict[str, str]:
    """`NAME = value …` as upper-case name to value without its quotes; refused when anything else is in it."""
    found, end = {}, 0
    for match in _ASSIGNMENT.finditer(text):
        if match.start() != end:
            break
        quote, written, end = match[2][0], match[2], match.end()
        found[match[1].upper()] = written[1:-1].replace("''", "'") if quote in "'\"" else written
    if end != len(text):
        raise errors.syntax_error(f"syntax error at '{text[end:][:40]}'")
    return found


def like(pattern: str | None, name: str) -> bool:
    """SHOW … LIKE: % and _ as in SQL, any case."""
    if pattern is None:
        return True
    unquoted = pattern.replace("''", "'")
    body = "".join(".*" if c == "%" else "." if c == "_" else re.escape(c) for c in unquoted)
    return re.fullmatch(body, name, re.IGNORECASE | re.DOTALL) is not None
