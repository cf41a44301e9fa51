"""A database of prepared answers, for the halves of probes and remedies that ask one: real statements, no server."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bot.diagnostics.probe import Scope
from bot.integrations.sql_guard import Dialect, require_reading

Row = Mapping[str, Any]
Answer = Sequence[Row] | Exception | Callable[..., Sequence[Row]]


class Asked(NamedTuple):
    """One statement that was run, and with which values."""

    statement: str
    parameters: Any
    cap: int


@dataclass
class SqlDouble:
    """Answers each statement with what `answers` holds for it (an error is raised) and fails on any other.

    Keeps what it was asked, and what it was asked to change; as the clients do, it hands out at most `cap` rows and
    lets no probe run what the guard refuses.
    """

    dialect: Dialect
    answers: Mapping[str, Answer]
    asked: list[Asked] = field(default_factory=list)
    changed: list[Asked] = field(default_factory=list)
    host: str = "db.example.com"
    port: int = 5432

    @contextmanager
    def reading(self, scope: Scope) -> Iterator[Callable[..., Sequence[Row]]]:
        """As the clients' own."""

        def fetch(statement: str, parameters: Any = (), *, cap: int = scope.row_cap) -> Sequence[Row]:
            require_reading(statement, self.dialect)
            self.asked.append(Asked(statement, parameters, cap))
            return self._answer(statement, parameters)[:cap]

        yield fetch

    def fetch(self, statement: str, parameters: Any, scope: Scope) -> Sequence[Row]:
        """As the clients' own."""
        with self.reading(scope) as fetch:
            return fetch(statement, parameters)

    def change(self, statement: str, *rest: Any) -> Sequence[Row]:
        """As the clients' own: PostgreSQL's takes parameters before the scope."""
        *parameters, scope = rest
        self.changed.append(Asked(statement, parameters[0] if parameters else (), scope.row_cap))
        return self._answer(statement, parameters[0] if parameters else ())

    @property
    def statements(self) -> list[str]:
        """What was asked, in order."""
        return [one.statement for one in self.asked]

    def _answer(self, statement: str, parameters: Any) -> Sequence[Row]:
        assert statement in self.answers, f"nobody expected: {statement}"
        answer = self.answers[statement]
        if isinstance(answer, Exception):
            raise answer
        return answer(*parameters) if callable(answer) else answer
