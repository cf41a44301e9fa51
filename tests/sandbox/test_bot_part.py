"""The bot as a part: which settings it gets for which parts, so that it meets the sandbox and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.bot_part import bot_variables, describe
from bot.sandbox.part import PORT_NAMES, Context
from bot.sandbox.source.passwords import make_passwords


@pytest.fixture
def context(tmp_path: Path) -> Context:
    """A state in which every part has written its passwords."""
    made = Context(tmp_path, Path("/repository"), Path("/e"), {name: 100 + n for n, name in enumerate(PORT_NAMES)})
    for part in ("source", "airflow"):
        made.folder(part).mkdir()
    make_passwords(made.folder("source"))
    (made.folder("airflow") / "passwords.json").write_text('{"admin": "secret-of-admin", "runbook": "secret"}')
    return made


GIVEN = [
    ("slack", {"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL", "SLACK_APP_TOKEN"}),
    ("source", {"SOURCE_DATABASE_URL", "SOURCE_DATABASE_CHANGE_URL"}),
    ("airflow", {"AIRFLOW_URL", "AIRFLOW_USERNAME", "AIRFLOW_PASSWORD", "DBT_ARTIFACTS"}),
    ("stripe", {"STRIPE_API_KEY", "STRIPE_API_BASE"}),
    ("dashboard", {"STREAMLIT_URL"}),
]


@pytest.mark.parametrize(("part", "names"), GIVEN)
def test_a_part_brings_its_settings_and_no_others(context: Context, part: str, names: set[str]) -> None:
    """An integration whose part does not run has no settings, so that it is absent."""
    without, given = bot_variables(context, frozenset(), "socket"), bot_variables(context, frozenset({part}), "socket")
    assert given.keys() - without.keys() == names
    assert without.keys() == {"PORT", "DATABASE_URL", "RUNBOOK_PLAYBOOKS"}


def test_the_warehouse_has_two_roles_and_one_key(context: Context) -> None:
    """Reading and changing are apart, and the key is the bot's own user's."""
    given = bot_variables(context, frozenset({"warehouse"}), "socket")
    assert (given["SNOWFLAKE_ROLE"], given["SNOWFLAKE_CHANGE_ROLE"]) == ("RUNBOOK_READ", "RUNBOOK_CHANGE")
    assert given["SNOWFLAKE_PRIVATE_KEY_FILE"] == str(context.keys() / f"{given['SNOWFLAKE_USER']}.pem")


def test_nothing_of_an_administrator_reaches_the_bot(context: Context) -> None:
    """Neither Airflow's admin nor the source's superuser nor the shop's own role."""
    values = " ".join(bot_variables(context, frozenset(name for name, _ in GIVEN), "socket").values())
    assert not [secret for secret in ("secret-of-admin", "postgres:", "shop_app") if secret in values]


@pytest.mark.parametrize(("mode", "has_token"), [("socket", True), ("http", False)])
def test_the_bot_waits_for_slack_only(context: Context, mode: str, has_token: bool) -> None:
    """The other systems may come up after it; readiness is its own word."""
    part = describe(context, frozenset({"slack", "source"}), mode)
    assert (part.name, part.depends_on, part.command[1:]) == ("bot", ("slack",), ("-m", "bot", "serve"))
    assert ("SLACK_APP_TOKEN" in part.variables) is has_token
    assert part.variables["PORT"] == str(context.port("bot"))
