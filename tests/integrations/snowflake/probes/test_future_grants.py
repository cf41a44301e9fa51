"""Who owns a schema, and what roles will hold on what is made there later."""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import EntityError, NotFound
from bot.integrations.snowflake.client import CATALOGUE_CAP
from bot.integrations.snowflake.probes.future_grants import (
    FutureGrants,
    FutureGrantsArguments,
    future_from,
    read_future_grants,
    schema_name,
)
from tests.integrations.snowflake.builders import snowflake

ON_SCHEMA = 'SHOW GRANTS ON SCHEMA "AN"."MARTS"'
IN_SCHEMA = 'SHOW FUTURE GRANTS IN SCHEMA "AN"."MARTS"'
IN_DATABASE = 'SHOW FUTURE GRANTS IN DATABASE "AN"'


def grant(privilege: str = "select", on: Any = "TABLE", to: str = "READER") -> dict[str, Any]:
    """A row of SHOW FUTURE GRANTS."""
    return {"privilege": privilege, "grant_on": on, "grantee_name": to}


@pytest.mark.parametrize("text", ["an.marts", "AN.MARTS.FCT_ORDERS", " an . marts "])
def test_a_schema_is_found_by_the_name_of_what_lies_in_it(text: str, scope: Scope) -> None:
    """Three SHOWs with checked names, each with a cap that cuts no account."""
    client = snowflake({ON_SCHEMA: [], IN_SCHEMA: [grant()], IN_DATABASE: []})
    found = read_future_grants(client, FutureGrantsArguments(text), scope)
    assert (found.schema, found.owner) == ("AN.MARTS", "")
    assert [(one.privilege, one.scope, one.name) for one in found.grants] == [("SELECT", "SCHEMA", "AN.MARTS")]
    assert {one.cap for one in client.asked} == {CATALOGUE_CAP}


@pytest.mark.parametrize("text", ["marts", "a.b.c.d", 'an."marts"', "an.", "an.x; DROP"])
def test_what_is_no_schemas_name_is_refused(text: str) -> None:
    """It would stand in a statement that takes no bound values."""
    with pytest.raises(EntityError):
        schema_name(text)


def test_nothing_asked_reads_nothing(scope: Scope) -> None:
    """The alert named no schema; one that is not there is an error."""
    assert read_future_grants(snowflake({}), FutureGrantsArguments(), scope) == FutureGrants()
    missing = snowflake({ON_SCHEMA: NotFound("snowflake", "no such schema")})
    with pytest.raises(NotFound):
        read_future_grants(missing, FutureGrantsArguments("an.marts"), scope)


@pytest.mark.parametrize("on", [None, "", "null"])
def test_a_grant_on_nobody_knows_what_is_an_error(on: Any) -> None:
    """To leave it out would say that the role will not hold it."""
    with pytest.raises(NotFound, match="did not say what its grants are on"):
        future_from("AN.MARTS", [], [grant(on=on)], [])


def test_the_schemas_own_come_before_its_databases() -> None:
    """For a kind that the schema has any for, the database's do not count."""
    found = future_from("AN.MARTS", [], [grant(on="VIEW")], [grant(on="external_table", to="X")])
    assert [(one.kind, one.scope, one.name, one.role) for one in found.grants] == [
        ("VIEW", "SCHEMA", "AN.MARTS", "READER"),
        ("EXTERNAL TABLE", "DATABASE", "AN", "X"),
    ]
