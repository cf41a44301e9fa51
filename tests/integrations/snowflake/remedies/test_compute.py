"""What the remedies for warehouses plan on, and the two statements that they run."""

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import AccessDenied, EntityError, RemedyRefused
from bot.integrations.snowflake.client import CATALOGUE_CAP
from bot.integrations.snowflake.probes.monitors import SHOW_MONITORS
from bot.integrations.snowflake.probes.warehouses import SHOW_WAREHOUSES
from bot.integrations.snowflake.remedies.compute import (
    Compute,
    perform_compute,
    quota_statement,
    read_compute,
    resume_command,
    resume_statement,
)
from bot.remediation.remedy import Command
from tests.integrations.snowflake.builders import monitor, snowflake, warehouse


def test_the_state_holds_every_monitor_and_warehouse(scope: Scope) -> None:
    """Whatever the cap for display."""
    rows = [warehouse(f"W{number}") for number in range(90)]
    client = snowflake({SHOW_MONITORS: [monitor()], SHOW_WAREHOUSES: rows})
    found = read_compute(client, None, scope)
    assert (len(found.monitors), len(found.warehouses)) == (1, 90)
    assert {one.cap for one in client.asked} == {CATALOGUE_CAP}


def test_what_the_bot_may_not_see_is_not_changed() -> None:
    """Each with its kind and name."""
    with pytest.raises(RemedyRefused, match=r"^There is no resource monitor M that the bot may see\.$"):
        Compute().monitor("M")
    with pytest.raises(RemedyRefused, match=r"^There is no warehouse W that the bot may see\.$"):
        Compute().warehouse("W")


@pytest.mark.parametrize(
    ("command", "statement", "said"),
    [
        (
            Command("set_credit_quota", "…", {"monitor": "m", "quota": 75}),
            "ALTER RESOURCE MONITOR M SET CREDIT_QUOTA = 75",
            "M has a quota of 75 credits.",
        ),
        (resume_command("W"), "ALTER WAREHOUSE W RESUME IF SUSPENDED", "W is resumed."),
    ],
)
def test_a_command_sets_a_state(command: Command, statement: str, said: str, scope: Scope) -> None:
    """Done twice it is the same; names are checked again just before."""
    client = snowflake({statement: []})
    assert [perform_compute(client, command, scope) for _ in range(2)] == [said] * 2
    assert [one.statement for one in client.changed] == [statement] * 2


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (Command("drop_warehouse", "…", {}), RemedyRefused),
        (Command("resume_warehouse", "…", {"warehouse": "W; DROP"}), EntityError),
        (Command("set_credit_quota", "…", {"monitor": 'm" --', "quota": 1}), EntityError),
        (Command("set_credit_quota", "…", {"monitor": "m", "quota": "1; DROP"}), ValueError),
    ],
)
def test_nothing_else_is_run(command: Command, error: type[Exception], scope: Scope) -> None:
    """Whatever stands in a plan that somebody kept."""
    client = snowflake({})
    with pytest.raises(error):
        perform_compute(client, command, scope)
    assert client.changed == []


def test_a_role_that_may_not_change_is_told(scope: Scope) -> None:
    """Nobody reads that it was resumed."""
    client = snowflake({resume_statement("W"): AccessDenied("snowflake", "no"), quota_statement("M", 1): []})
    with pytest.raises(AccessDenied):
        perform_compute(client, resume_command("W"), scope)
