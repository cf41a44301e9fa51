"""The diagnostic queries, and every row of a step's table."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.diagnostics.finding import Finding
from bot.diagnostics.probe import Scope
from bot.errors import RunbookError, UnknownName
from bot.flow.run_query import QUERIES, ROW_CAP, diagnose, run_query
from bot.flow.see_table import see_table
from bot.flow.show_runbook import show_runbook
from bot.flow.world import World
from bot.integrations.snowflake.probes import PROBES
from bot.playbooks.model import RowTable
from bot.playbooks.reply import Table
from tests.flow.world import FakeWorld

AT = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    query_id: str
    running_s: float
    tag: str = ""
    used_percent: float = 51.25
    started_at: datetime | None = AT
    is_suspended: bool = True
    warehouses: tuple[str, ...] = ("A", "B")


@dataclass(frozen=True)
class Rows:
    rows: tuple[Any, ...] = ()
    count: int = 0


@dataclass
class Reads:
    """Systems that answer any read with these facts."""

    facts: Any
    asked: list[tuple[str, Mapping[str, Any], Scope]] = field(default_factory=list)

    def deadline_of(self, probe: str) -> float:
        return 7.0

    async def read(self, probe: str, arguments: Mapping[str, Any], scope: Scope) -> Any:
        self.asked.append((probe, arguments, scope))
        return self.facts


def world_with(fake: FakeWorld, facts: Any) -> tuple[Any, Reads]:
    """The fake world on these systems."""
    reads = Reads(facts)
    return replace(fake.world, systems=reads), reads


async def test_rows_become_a_table_that_people_can_read(fake: FakeWorld) -> None:
    """Units stand in the cells, a column of nothing is left out, it says when it was read."""
    world, reads = world_with(fake, Rows((Row("01b2", 5400.0), Row("01b3", 42.0, started_at=None))))
    found = await run_query("running-queries", False, world)
    assert found.table == Table(
        ("query id", "running", "used", "started", "is suspended", "warehouses"),
        (
            ("01b2", "1 h 30 min", "51.2%", "2026-03-04 09:00:00 UTC", "yes", "A, B"),
            ("01b3", "42 s", "51.2%", "", "yes", "A, B"),
        ),
    )
    assert found.read_at == fake.world.clock.now()
    (asked,) = reads.asked
    assert asked[:2] == ("snowflake.running_queries", {})
    assert (asked[2].row_cap, asked[2].deadline_s, asked[2].is_fresh) == (ROW_CAP, 7.0, False)
    await run_query("running-queries", True, world)
    assert reads.asked[1][2].is_fresh


async def test_secrets_and_line_breaks_are_taken_out(fake: FakeWorld) -> None:
    """A query's text may hold a password; a cell is one line."""
    world, _ = world_with(fake, Rows((Row("CREATE USER x PASSWORD = 'hunter2'\nCOMMENT = 'y'", 1.0),)))
    found = await run_query("queries", False, world)
    assert found.table is not None
    assert found.table.rows[0][0] == "CREATE USER x PASSWORD = '•••' COMMENT = 'y'"


async def test_no_rows_are_said(fake: FakeWorld) -> None:
    """Nothing running is an answer too."""
    found = await run_query("running", False, world_with(fake, Rows())[0])
    assert (found.table, found.text) == (None, "Nothing to see: no rows.")


async def test_single_values_are_a_line_each(fake: FakeWorld) -> None:
    """The session has no rows but fields."""
    session = next(probe for probe in PROBES if probe.name == "snowflake.session").typical
    found = await run_query("session", False, world_with(fake, session)[0])
    assert found.table is not None
    assert found.table.rows[0] == ("user", "SVC_RUNBOOK")


@pytest.mark.parametrize("typed", ["resource-monitors", "Resource_Monitors", "resource  monitors", "monitors"])
async def test_a_query_is_found_however_it_is_written(fake: FakeWorld, typed: str) -> None:
    """Case, dashes, underscores and the short name do."""
    assert (await diagnose(typed, "UASK", "C1", world_with(fake, Rows())[0])).title == "Resource monitors"  # type: ignore[union-attr]


async def test_a_runbooks_name_shows_the_runbook(fake: FakeWorld) -> None:
    """`/diagnose blocked` is `/runbook blocked`: people need not know which is which."""
    said = await diagnose("blocked", "UASK", "C1", fake.world)
    assert isinstance(said, str)
    assert "is in the thread" in said
    assert fake.desk.headlines[0].startswith("Runbook: ")


async def test_a_typo_is_told_what_it_may_have_meant(fake: FakeWorld) -> None:
    """Queries and runbooks alike; nothing is read or opened."""
    with pytest.raises(UnknownName, match=r"query or runbook `runing-queries`.* Did you mean running-queries"):
        await diagnose("runing-queries", "UASK", "C1", fake.world)
    with pytest.raises(UnknownName, match="Did you mean extraction_blocked"):
        await diagnose("extraction_block", "UASK", "C1", fake.world)
    with pytest.raises(UnknownName):
        await run_query("DROP TABLE", False, fake.world)
    assert (fake.systems.asked, fake.desk.headlines) == ([], [])


@pytest.mark.parametrize("name", QUERIES)
async def test_every_query_has_a_probe_whose_facts_make_a_table(fake: FakeWorld, name: str) -> None:
    """The five of the runbook, on the probes that there are."""
    probe = next(probe for probe in PROBES if probe.name == QUERIES[name].probe)
    found = await run_query(name, False, world_with(fake, probe.typical)[0])
    assert found.table is not None
    assert found.table.rows


def with_table(world: World) -> World:
    """The same world, whose playbook's second step has a table."""
    library = world.library()
    playbook = library.find("blocked")
    table = RowTable(rows="load.rows", columns={"Session": "name"})
    steps = (playbook.steps[0], playbook.steps[1].model_copy(update={"text": "", "table": table}))
    changed = playbook.model_copy(update={"steps": steps})
    books = replace(library.playbooks, by_id={playbook.id: changed})
    return replace(world, library=lambda: replace(library, playbooks=books))


async def test_all_rows_of_a_step_are_those_that_were_read(fake: FakeWorld) -> None:
    """Nothing is read anew; secrets are out; the title is the step's."""
    await show_runbook("blocked", "UASK", "C1", fake.world)
    asked = list(fake.systems.asked)
    rows = Rows(({"name": "a"}, {"name": "token=abcdef123456"}))
    await fake.world.findings.keep(fake.incident.id, {"load": Finding("db.load", AT, 0.1, rows)})
    found = await see_table(fake.incident.id, 2, with_table(fake.world))
    assert found.title == "2. How busy is the database"
    assert found.table == Table(("Session",), (("a",), ("token=•••",)))
    assert (found.read_at, fake.systems.asked) == (AT, asked)


async def test_rows_that_are_gone_are_said(fake: FakeWorld) -> None:
    """A button of an old card gets a reason."""
    with pytest.raises(RunbookError, match="not known to the bot any more"):
        await see_table("inc-none", 1, fake.world)
    await show_runbook("blocked", "UASK", "C1", fake.world)
    for step in (1, 9):
        with pytest.raises(RunbookError, match="reads them anew"):
            await see_table(fake.incident.id, step, fake.world)
