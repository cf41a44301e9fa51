"""The few questions that the flow asks of the playbooks."""

import pytest

from bot.alerts.alert import Alert
from bot.diagnostics.finding import Finding
from bot.errors import RunbookError, UnknownName
from bot.flow.library import Library
from tests.flow.world import PLAYBOOK, START, Locks, Session, a_library, an_alert

ENTITIES = {"table": "orders"}
LOCKED = Finding("db.locks", START, 0.1, Locks(7))
UNREAD = Finding("db.locks", START, 5.0, reason="it is down")


@pytest.fixture
def library() -> Library:
    """One playbook: a lock, the session that holds it, and the load."""
    return a_library()


def test_alerts_are_grouped_by_channel_playbook_and_values(library: Library) -> None:
    """Whoever reads one channel may not read the other; another table is another incident."""
    keys = set()
    for channel, table in (("C1", "orders"), ("C2", "orders"), ("C1", "items")):
        match = library.match(an_alert(table=table))
        assert match is not None
        keys.add(library.key(match, channel))
    assert keys == {
        "C1|extraction_blocked|orders",
        "C2|extraction_blocked|orders",
        "C1|extraction_blocked|items",
    }


def test_an_alert_that_lacks_a_value_has_a_place_for_it() -> None:
    """Without it the value of the next name would stand in its place, and join another incident."""
    text = PLAYBOOK.replace("group_by: [table]", "group_by: [table, dag_id]").replace(
        "entities: {table: {type: table}}", "entities: {table: {type: table}, dag_id: {type: dag_id}}"
    )
    library = a_library(text)
    match = library.match(an_alert())
    assert match is not None
    assert library.key(match, "C1") == "C1|extraction_blocked|orders|"


@pytest.mark.parametrize(
    ("findings", "ready"),
    [
        ({}, {"locks": ("db.locks", {"table": "orders"}), "load": ("db.load", {})}),
        ({"locks": LOCKED}, {"load", "holder"}),
        ({"locks": UNREAD}, {"load"}),
    ],
    ids=["nothing read", "the lock read", "the lock not read"],
)
def test_what_needs_a_finding_is_ready_once_that_was_read(
    library: Library, findings: dict[str, Finding], ready: object
) -> None:
    """Arguments are filled in; what needs a finding that could not be read is never read on a guess."""
    found = library.ready("extraction_blocked", ENTITIES, findings)
    assert (dict(found) if isinstance(ready, dict) else set(found)) == ready


def test_one_diagnostic_is_read_again_on_the_others(library: Library) -> None:
    """Verifying reads the same probe with the arguments of now; its own old finding is no obstacle."""
    held = {"locks": LOCKED, "holder": Finding("db.session", START, 0.1, Session("SVC"))}
    assert library.diagnostic("extraction_blocked", "holder", ENTITIES, held)[0] == "db.session"
    assert library.diagnostic("extraction_blocked", "locks", ENTITIES, held) == ("db.locks", {"table": "orders"})


@pytest.mark.parametrize("findings", [{}, {"locks": UNREAD}], ids=["never read", "unread"])
def test_a_diagnostic_that_lacks_a_finding_says_so(library: Library, findings: dict[str, Finding]) -> None:
    """A verification that cannot be made is told, not taken for a failed remedy."""
    with pytest.raises(
        RunbookError,
        match=r"^`holder` of extraction_blocked cannot be read again: a finding that it needs is missing$",
    ):
        library.diagnostic("extraction_blocked", "holder", ENTITIES, findings)


def test_a_playbook_is_found_by_id_or_alias_and_by_no_other_name(library: Library) -> None:
    """What it may have meant is said."""
    assert library.find("blocked") is library.find("extraction_blocked")
    assert "extraction_blocked" in library
    assert "blocked" not in library
    with pytest.raises(UnknownName, match="Did you mean blocked"):
        library.find("blokced")


def test_the_title_is_the_one_that_the_card_will_have(library: Library) -> None:
    """An incident is named before anything is read."""
    playbook = library.find("blocked")
    assert library.title(playbook, ENTITIES) == "Extraction of orders is blocked"
    assert library.render(playbook.id, ENTITIES, {}, START).title == library.title(playbook, ENTITIES)


@pytest.mark.parametrize(("pid", "holds"), [(0, True), (7, False)])
def test_an_expectation_is_judged_on_the_facts(library: Library, pid: int, holds: bool) -> None:
    """As `result`, whatever probe they are of."""
    assert library.holds("result.pid == 0", Locks(pid)) is holds


def test_an_alert_that_nobody_answers_may_still_tell_something(library: Library) -> None:
    """No match is no playbook; entities are asked for apart."""
    assert library.match(Alert("all is well")) is None
    assert library.entities(Alert("all is well")) == {}
