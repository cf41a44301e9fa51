"""sandbox.json: complete, private, and only believed while its sandbox runs."""

from __future__ import annotations

import json

import pytest

from bot.sandbox.catalog import describe_parts
from bot.sandbox.errors import SandboxError
from bot.sandbox.lock import hold_state
from bot.sandbox.part import PORT_NAMES, Context
from bot.sandbox.record import make_record, read_record, write_record
from bot.sandbox.source.passwords import make_passwords


@pytest.fixture
def context(families):
    """A state with passwords, as after `prepare`."""
    made = families.context()
    for part in ("source", "airflow"):
        made.folder(part).mkdir()
    make_passwords(made.folder("source"))
    (made.folder("airflow") / "passwords.json").write_text('{"admin": "a", "runbook": "b"}')
    ports = {name: 20_000 + index for index, name in enumerate(PORT_NAMES)}
    return Context(made.state, made.repository, made.environments, ports)


ALL = frozenset({"slack", "source", "warehouse", "airflow", "bot"})


def test_every_part_says_where_it_is(context):
    """URLs and logins of all parts, and the process to end each."""
    record = make_record(context, ALL, {"slack": 7}, "socket")
    assert record["slack"] == {"url": "http://127.0.0.1:20000"}
    assert record["source"]["read_url"].startswith("postgresql://runbook_read:")
    assert record["source"]["read_url"].endswith("@127.0.0.1:20001/ecommerce_source")
    assert record["airflow"]["password"] == "b"
    assert record["pids"] == {"slack": 7}


def test_the_bot_gets_an_app_token_only_for_the_socket(context):
    """SLACK_APP_TOKEN chooses Socket Mode, so it is absent over HTTP; both connections to the source differ."""
    socket = make_record(context, ALL, {}, "socket")["environment"]
    http = make_record(context, ALL, {}, "http")["environment"]
    assert socket.keys() - http.keys() == {"SLACK_APP_TOKEN"}
    assert "runbook_read" in socket["SOURCE_DATABASE_URL"]
    assert "runbook_change" in socket["SOURCE_DATABASE_CHANGE_URL"]


def test_an_absent_part_is_absent_from_the_bots_environment(context):
    """An integration without settings is absent, as the contract of the command line says."""
    environment = make_record(context, frozenset({"slack", "bot"}), {}, "socket")["environment"]
    assert not [name for name in environment if name.startswith(("SNOWFLAKE_", "AIRFLOW_", "SOURCE_"))]


def test_it_is_private_and_read_back(context):
    """The file is 0600, and what is read is what was written."""
    record = make_record(context, ALL, {}, "http")
    with hold_state(context.state):
        write_record(context.state, record)
        assert (context.state / "sandbox.json").stat().st_mode & 0o777 == 0o600
        assert read_record(context.state) == json.loads(json.dumps(record))


def test_a_record_left_by_a_dead_sandbox_is_not_believed(context):
    """Without a holder of the lock the file says nothing."""
    with hold_state(context.state):
        write_record(context.state, {})
    with pytest.raises(SandboxError, match="no sandbox runs on"):
        read_record(context.state)


def test_a_sandbox_that_is_starting_says_so(context):
    """Held, but without a file: not ready yet."""
    with hold_state(context.state), pytest.raises(SandboxError, match="still starting"):
        read_record(context.state)


def test_parts_bring_what_they_depend_on(context):
    """Airflow alone brings what its DAG needs; a typo names the parts there are."""
    needed = ["slack", "source", "stripe", "warehouse", "airflow"]
    assert [part.name for part in describe_parts(context, ["airflow"])] == needed
    assert [part.name for part in describe_parts(context, ["source", "source"])] == ["source"]
    with pytest.raises(SandboxError, match="there is no part slak: the parts are slack"):
        describe_parts(context, ["slak"])


def test_the_bot_reads_dbt_where_airflow_s_tasks_leave_its_files(context):
    """Below Airflow's own folder, so that a sandbox without Airflow has no dbt either."""
    environment = make_record(context, ALL, {}, "socket")["environment"]
    assert environment["DBT_ARTIFACTS"] == str(context.folder("airflow") / "dbt" / "artifacts")
    assert "DBT_ARTIFACTS" not in make_record(context, ALL - {"airflow"}, {}, "socket")["environment"]
