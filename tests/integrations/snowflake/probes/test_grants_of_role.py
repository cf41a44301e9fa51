"""What a role may do, by itself and through what it inherits; what was not read is never taken for not held."""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import EntityError, NotFound
from bot.integrations.snowflake.probes.grants_of_role import (
    GRANTS_CAP,
    MOST_ROLES,
    GrantsArguments,
    RoleGrants,
    grants_from,
    read_grants,
)
from tests.integrations.snowflake.builders import snowflake


def grant(name: str, on: str = "ROLE", privilege: str = "usage") -> dict[str, str]:
    """A row of SHOW GRANTS TO ROLE."""
    return {"privilege": privilege, "granted_on": on, "name": name}


def account(**roles: Any) -> Any:
    """One with these roles' grants; PUBLIC holds nothing."""
    shown = {"PUBLIC": [], **roles}
    return snowflake({f'SHOW GRANTS TO ROLE "{role}"': rows for role, rows in shown.items()})


def test_inherited_roles_are_followed_the_asked_one_first(scope: Scope) -> None:
    """Each once, a ring of them too; PUBLIC is everybody's."""
    client = account(A=[grant("B"), grant("T", "TABLE")], B=[grant("A"), grant("C")], C=[grant("DB", "DATABASE")])
    found = read_grants(client, GrantsArguments(" a "), scope)
    assert (found.role, found.roles, found.is_complete) == ("A", ("A", "PUBLIC", "B", "C"), True)
    assert [(one.kind, one.name, one.role) for one in found.grants] == [("TABLE", "T", "A"), ("DATABASE", "DB", "C")]
    assert {one.cap for one in client.asked} == {GRANTS_CAP}


@pytest.mark.parametrize("name", ['"my role"', "my_role", "a; b"])
def test_a_role_that_only_stands_in_quotes_makes_it_incomplete(name: str, scope: Scope) -> None:
    """It is not asked for under another role's name; the others are told all the same."""
    found = read_grants(account(A=[grant(name), grant("B")], B=[]), GrantsArguments("A"), scope)
    assert (found.roles, found.is_complete) == (("A", "PUBLIC", "B"), False)


def test_a_name_in_quotes_that_needs_none_is_followed(scope: Scope) -> None:
    """SHOW may quote any."""
    found = read_grants(account(A=[grant('"B"')], B=[]), GrantsArguments("A"), scope)
    assert (found.roles, found.is_complete) == (("A", "PUBLIC", "B"), True)


@pytest.mark.parametrize(("depth", "is_complete"), [(MOST_ROLES - 2, True), (MOST_ROLES - 1, False)])
def test_a_long_chain_is_cut_and_says_so(depth: int, is_complete: bool, scope: Scope) -> None:
    """Twelve roles are read, with PUBLIC and itself; one more is not, and might hold anything."""
    chain: dict[str, Any] = {f"R{number}": [grant(f"R{number + 1}")] for number in range(depth)}
    client = account(**chain, **{f"R{depth}": []})
    found = read_grants(client, GrantsArguments("R0"), scope)
    assert (len(found.roles), found.is_complete) == (MOST_ROLES, is_complete)


@pytest.mark.parametrize(("rows", "is_complete"), [(GRANTS_CAP - 1, True), (GRANTS_CAP, False)])
def test_a_list_as_long_as_the_cap_may_have_been_cut(rows: int, is_complete: bool) -> None:
    """Nobody can tell."""
    assert grants_from({"A": [grant("x", "STAGE")] * rows}, is_complete=True).is_complete is is_complete


def test_nothing_asked_reads_nothing_and_a_role_that_is_not_there_is_an_error(scope: Scope) -> None:
    """So is what is no role's name."""
    assert read_grants(snowflake({}), GrantsArguments(), scope) == RoleGrants()
    with pytest.raises(NotFound):
        read_grants(account(A=NotFound("snowflake", "no such role")), GrantsArguments("a"), scope)
    with pytest.raises(EntityError, match="is not the name of a role"):
        read_grants(snowflake({}), GrantsArguments('a" --'), scope)


def test_objects_of_other_kinds_are_left_out() -> None:
    """MATERIALIZED VIEW is no VIEW here, as SHOW writes it with an underscore."""
    kinds = ("TABLE", "view", "MATERIALIZED_VIEW", "STAGE", "ROLE", "WAREHOUSE", "FUNCTION")
    found = grants_from({"A": [grant("x", kind) for kind in kinds]}, is_complete=True)
    assert [one.kind for one in found.grants] == ["TABLE", "VIEW", "WAREHOUSE"]
