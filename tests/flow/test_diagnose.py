"""A diagnostic query from the platform's list: rows become a table."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.flow.run_command import diagnose
from bot.playbooks.reply import Table
from tests.flow.world import FakeWorld


@dataclass(frozen=True)
class Row:
    """A row among facts."""

    query_id: str
    started: datetime | None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rows:
    """Facts with rows."""

    queries: tuple[Row, ...]
    hours: float = 24.0


@dataclass(frozen=True)
class Single:
    """Facts without rows."""

    user: str
    credits: float


def answering(fake: FakeWorld, facts: object) -> FakeWorld:
    """A world whose every probe answers this."""

    async def read(*_: object) -> object:
        return facts

    fake.systems.read = read  # type: ignore[method-assign]
    return fake


AT = datetime(2026, 3, 4, 9, 30, 1, 55, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "table"),
    [
        (
            Rows((Row("01b2", AT, ("a", "b")),)),
            Table(("query_id", "started", "tags"), (("01b2", "2026-03-04 09:30:01", "a, b"),)),
        ),
        (Rows((Row("01b2", None),)), Table(("query_id", "started", "tags"), (("01b2", "", ""),))),
        (Single("BOT", 12.5), Table(("user", "credits"), (("BOT", "12.5"),))),
    ],
    ids=["rows", "nothing in a cell", "single values"],
)
async def test_facts_become_a_table(fake: FakeWorld, facts: object, table: Table) -> None:
    """Times to the second, lists with commas, nothing as nothing."""
    assert (await diagnose("queries", answering(fake, facts).world)).table == table


async def test_no_rows_are_said_in_words(fake: FakeWorld) -> None:
    """An empty table would look like a fault."""
    answer = await diagnose("queries", answering(fake, Rows(())).world)
    assert (answer.table, answer.text) == (None, "Nothing to see: no rows.")
