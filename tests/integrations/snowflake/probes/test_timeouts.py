"""How long a statement may run and wait, and whose setting cut one."""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import AccessDenied, EntityError, NotFound, Unreachable
from bot.integrations.snowflake.probes.timeouts import (
    QUEUE,
    RUN,
    SHOWN,
    TimeoutsArguments,
    read_timeouts,
    statements,
    timeouts_from,
)
from bot.integrations.sql_guard import refusal
from tests.integrations.snowflake.builders import snowflake

WAREHOUSE, USER, ACCOUNT = f'{SHOWN} IN WAREHOUSE "W"', f'{SHOWN} FOR USER "KIM"', f"{SHOWN} IN ACCOUNT"


def shown(level: str, run_s: Any, queue_s: Any = "0") -> list[dict[str, Any]]:
    """Rows of SHOW PARAMETERS, both set at that level."""
    return [{"key": RUN, "value": run_s, "level": level}, {"key": QUEUE, "value": queue_s, "level": level}]


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        (TimeoutsArguments(), [ACCOUNT]),
        (TimeoutsArguments("w"), [WAREHOUSE, ACCOUNT]),
        (TimeoutsArguments(user="kim"), [USER, ACCOUNT]),
        (TimeoutsArguments(" w ", "Kim"), [WAREHOUSE, USER, ACCOUNT]),
    ],
)
def test_levels_without_a_name_are_left_out(arguments: TimeoutsArguments, asked: list[str]) -> None:
    """Each is a statement that the guard lets through."""
    found = [statement for _, _, statement in statements(arguments)]
    assert found == asked
    assert [refusal(statement, "snowflake") for statement in found] == [None] * len(asked)


@pytest.mark.parametrize("arguments", [TimeoutsArguments('w" --'), TimeoutsArguments(user="kim lee")])
def test_what_is_no_name_is_refused(arguments: TimeoutsArguments, scope: Scope) -> None:
    """Nothing is asked."""
    with pytest.raises(EntityError):
        read_timeouts(snowflake({}), arguments, scope)


@pytest.mark.parametrize("hidden", [AccessDenied("snowflake", "no"), NotFound("snowflake", "no"), []])
def test_a_level_that_may_not_be_seen_is_unknown(hidden: Any, scope: Scope) -> None:
    """A user's parameters are its owner's to see."""
    client = snowflake({USER: hidden, ACCOUNT: shown("ACCOUNT", "900")})
    found = read_timeouts(client, TimeoutsArguments(user="kim", cut_after_s=900.0), scope)
    assert (found.limits[0].run_s, found.limits[0].queue_s, found.limits[0].is_default) == (None, None, True)
    assert found.set_at == "account"


def test_an_account_that_does_not_answer_is_an_error(scope: Scope) -> None:
    """Not a level that is unknown."""
    with pytest.raises(Unreachable):
        read_timeouts(snowflake({ACCOUNT: Unreachable("snowflake", "down")}), TimeoutsArguments(), scope)


@pytest.mark.parametrize(
    ("cut_after_s", "set_at", "name"),
    [
        (300.0, "warehouse", "W"),  # two levels have it: the nearest
        (60.0, "warehouse", "W"),  # it waited too long
        (3600.0, "account", ""),
        (45.0, "session", ""),
        (None, "", ""),
    ],
)
def test_the_nearest_level_that_set_the_limit_is_named(cut_after_s: float | None, set_at: str, name: str) -> None:
    """The client's own session when no level has it; nobody when the limit is not known."""
    found = timeouts_from(
        [
            ("warehouse", "W", shown("warehouse", "300", "60")),
            ("user", "KIM", shown("USER", "300")),
            ("account", "", shown("ACCOUNT", "3600")),
        ],
        cut_after_s,
    )
    assert (found.set_at, found.name) == (set_at, name)


@pytest.mark.parametrize("level", ["", None, "ACCOUNT"])
def test_an_inherited_value_is_not_the_warehouses(level: str | None) -> None:
    """Snowflake's default has no level, the account's has its own."""
    rows = [{"key": RUN.lower(), "value": "300", "level": level}]
    found = timeouts_from([("warehouse", "W", rows)], 300.0)
    assert (found.set_at, found.limits[0].run_s, found.limits[0].is_default) == ("session", 300.0, True)
