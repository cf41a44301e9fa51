"""airflow.set_variable: give a variable that holds a number another number."""

import json
import math
from dataclasses import dataclass, replace

from bot.diagnostics.probe import Scope
from bot.errors import IntegrationError, RemedyRefused
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.failures import SYSTEM
from bot.integrations.airflow.names import checked_id
from bot.integrations.airflow.probes.rows import Row, words
from bot.integrations.airflow.probes.variables import VARIABLES, is_secret
from bot.remediation.remedy import Command, Draft, Remedy, Verification

SEEN_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class SetVariableArguments:
    """A variable's name and the number that it shall hold: the value itself, never a step up or down."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class VariableState:
    """The variable as it is now; `value` is "" when it is not set."""

    name: str
    value: str = ""
    is_set: bool = False


def read_variable_state(client: AirflowClient, arguments: SetVariableArguments, scope: Scope) -> VariableState:
    """The variable in Airflow's database; one of the environment or of a secrets backend is not seen there."""
    name = checked_id(arguments.name, "variable")
    if is_secret(name):
        raise RemedyRefused(f"{name} may hold a secret: the bot neither reads nor sets it.")
    with client.calling(scope) as calls:
        return variable_state_from(name, calls.find("VariableApi", "get_variable", variable_key=name))


def variable_state_from(name: str, row: Row | None) -> VariableState:
    """State from the JSON of the variable, None when there is none."""
    return VariableState(name) if row is None else VariableState(name, words(row.get("value")), is_set=True)


def plan_set_variable(arguments: SetVariableArguments, state: VariableState, _scope: Scope) -> Draft:
    """One PATCH; nothing when it holds that number already, a refusal where it does not hold a number."""
    name, target = state.name or arguments.name, f"Airflow variable {arguments.name}"
    if not math.isfinite(arguments.value) or arguments.value <= 0:
        raise RemedyRefused(f"{name} should be a number above 0, not {arguments.value:g}.")
    if not state.is_set:
        raise RemedyRefused(f"{name} is not set in Airflow's database: it comes from somewhere else, or from nowhere.")
    was = _number(state.value)
    if was is None:
        raise RemedyRefused(f"{name} does not hold a number now, so the bot does not replace it.")
    if was == arguments.value:
        return Draft(target, (), "", note=f"{name} is {state.value} already.")
    value = write_number(arguments.value)
    body = json.dumps({"key": name, "value": value})
    command = Command(
        "set_variable",
        f"PATCH /api/v2/variables/{name}?update_mask=value {body}",
        {"name": name, "value": value, "was": state.value},
    )
    return Draft(
        target=target,
        commands=(command,),
        blast_radius=f"Every task that reads {name} gets {value} instead of {state.value} from its next try on; "
        "what runs now keeps what it has read.",
        undo=f"Set {name} to {state.value} again.",
        verification=Verification(
            VARIABLES.name, {"names": [name]}, f"result.variables[0].value == '{value}'", SEEN_WITHIN_S
        ),
    )


def perform_set_variable(client: AirflowClient, command: Command, scope: Scope) -> str:
    """Sets it, if it still holds what it held when that was approved; done already counts as done."""
    import airflow_client.client as airflow

    if command.operation != "set_variable":
        raise RemedyRefused(f"Airflow has no command {command.operation}.")
    name = checked_id(str(command.arguments["name"]), "variable")
    value, was = str(command.arguments["value"]), str(command.arguments["was"])
    with client.calling(scope) as calls:
        now = words(calls.get("VariableApi", "get_variable", variable_key=name).get("value"))
        if now == value:
            return f"{name} is {value} already."
        if now != was:
            raise IntegrationError(SYSTEM, f"{name} is not {was} any more, somebody else has set it")
        calls.change(
            "VariableApi",
            "patch_variable",
            variable_key=name,
            variable_body=airflow.VariableBody(key=name, value=value),
            update_mask=["value"],
        )
    return f"{name} is {value}, it was {was}."


def write_number(value: float) -> str:
    """50.0 as "50", 0.5 as "0.5"."""
    return str(int(value)) if value == int(value) else repr(float(value))


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


_TYPICAL = VariableState("stripe_batch_size", "100", is_set=True)
SET_VARIABLE: Remedy[AirflowClient, SetVariableArguments, VariableState] = Remedy(
    name="airflow.set_variable",
    summary="Gives a variable of Airflow that holds a number another number.",
    arguments=SetVariableArguments,
    state=VariableState,
    read_state=read_variable_state,
    plan=plan_set_variable,
    perform=perform_set_variable,
    typical=_TYPICAL,
    unchanged=replace(_TYPICAL, value="50"),
)
