"""What every probe and remedy of every integration keeps, whatever system it is for."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from bot.diagnostics.probe import AnyProbe, Scope
from bot.integrations import airflow, dbt, postgres, snowflake, streamlit, stripe
from bot.remediation.plan import digest_of
from bot.remediation.remedy import AnyRemedy

INTEGRATIONS = tuple(one.INTEGRATION for one in (airflow, dbt, postgres, snowflake, streamlit, stripe))
PROBES = [(one.name, probe) for one in INTEGRATIONS for probe in one.probes]
REMEDIES = [(one.name, remedy) for one in INTEGRATIONS for remedy in one.remedies]
ARGUMENTS: dict[str, dict[str, Any]] = {
    "airflow.trigger_dag_run": {"dag_id": "ecommerce_daily"},
    "airflow.set_variable": {"name": "stripe_batch_size", "value": "50"},
    "postgres.terminate_backend": {"pid": "4711"},
    "snowflake.cancel_query": {"query_id": "01b8f2a4-0000-4c1d-0000-0002a5e70b12"},
    "snowflake.set_credit_quota": {"monitor": "LOADING_MONITOR", "quota": "75"},
    "snowflake.resume_warehouse": {"warehouse": "LOADING_WH"},
}


@pytest.mark.parametrize(("system", "probe"), PROBES, ids=lambda value: getattr(value, "name", ""))
def test_facts_survive_being_kept(system: str, probe: AnyProbe) -> None:
    """Facts are stored as JSON and come back the same, for the card is drawn again after a restart."""
    assert probe.name.startswith(f"{system}.")
    adapter = TypeAdapter(probe.facts)
    for facts in (probe.typical, probe.empty):
        assert isinstance(facts, probe.facts)
        assert adapter.validate_python(adapter.dump_python(facts, mode="json")) == facts
        assert adapter.validate_json(adapter.dump_json(facts)) == facts


@pytest.mark.parametrize(("system", "remedy"), REMEDIES, ids=lambda value: getattr(value, "name", ""))
def test_remedies_plan_on_their_own_examples(system: str, remedy: AnyRemedy, scope: Scope) -> None:
    """`typical` yields commands and says whom they touch; `unchanged` yields none and says why."""
    assert remedy.name.startswith(f"{system}.")
    arguments = TypeAdapter(remedy.arguments).validate_python(ARGUMENTS[remedy.name])
    typical = remedy.plan(arguments, remedy.typical, scope)
    assert typical.commands
    assert typical.blast_radius
    assert typical.verification is not None
    assert typical.verification.probe in {probe.name for _, probe in PROBES}
    unchanged = remedy.plan(arguments, remedy.unchanged, scope)
    assert (unchanged.commands, unchanged.verification) == ((), None)
    assert unchanged.note


@pytest.mark.parametrize(("system", "remedy"), REMEDIES, ids=lambda value: getattr(value, "name", ""))
def test_the_same_state_gives_the_same_digest(system: str, remedy: AnyRemedy, scope: Scope) -> None:
    """Planning is pure: an approval of a plan covers the same plan made again."""
    arguments = TypeAdapter(remedy.arguments).validate_python(ARGUMENTS[remedy.name])
    digests = {
        digest_of(remedy.name, ARGUMENTS[remedy.name], remedy.plan(arguments, remedy.typical, scope)) for _ in range(2)
    }
    assert len(digests) == 1


@pytest.mark.parametrize(("system", "probe"), PROBES, ids=lambda value: getattr(value, "name", ""))
def test_verifications_name_real_fields(system: str, probe: AnyProbe) -> None:
    """Every argument of a probe has a simple type that a playbook's text can be turned into."""
    assert TypeAdapter(probe.arguments).json_schema()["type"] == "object"
