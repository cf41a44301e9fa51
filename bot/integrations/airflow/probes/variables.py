"""airflow.variables: what some variables of Airflow are set to; only those that are named, never all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.alerts.redaction import redact
from bot.diagnostics.probe import Probe, Scope
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.names import checked_id
from bot.integrations.airflow.probes.rows import Row, words

HIDDEN = "•••"
LONGEST = 200
_SECRET = re.compile(
    r"secret|passw|token|private|credential|api_?key|access_?key|_key\b|_pat\b|auth|conn", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class VariablesArguments:
    """Which variables; a name that is "" counts for nothing."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """`value` is "" when it is not set, and hidden when its name speaks of a secret; it is cut at 200 characters."""

    name: str
    value: str = ""
    is_set: bool = False
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Variables:
    """One entry for each name, in the order asked for; `by_name` gives their values, "" for one that is not set."""

    variables: tuple[Variable, ...] = ()
    unset: tuple[str, ...] = ()
    by_name: dict[str, str] = field(default_factory=dict)


def read_variables(client: AirflowClient, arguments: VariablesArguments, scope: Scope) -> Variables:
    """The named variables; one that Airflow does not know is not set."""
    names = [checked_id(name, "variable") for name in arguments.names if name.strip()][: scope.row_cap]
    with client.calling(scope) as calls:
        found = [calls.find("VariableApi", "get_variable", variable_key=name) for name in names]
    return variables_from(names, found)


def variables_from(names: Sequence[str], found: Sequence[Row | None]) -> Variables:
    """Facts from the JSON of each variable, None for one that is not set."""
    shown = tuple(_variable(name, row) for name, row in zip(names, found, strict=True))
    unset = tuple(one.name for one in shown if not one.is_set)
    return Variables(shown, unset, {one.name: one.value for one in shown})


def is_secret(name: str) -> bool:
    """True when a variable's name suggests that nobody should read its value in a channel."""
    return _SECRET.search(name) is not None


def _variable(name: str, row: Row | None) -> Variable:
    if row is None:
        return Variable(name)
    if is_secret(name):
        return Variable(name, HIDDEN, is_set=True, is_hidden=True)
    return Variable(name, redact(words(row.get("value")))[:LONGEST], is_set=True)


VARIABLES: Probe[AirflowClient, VariablesArguments, Variables] = Probe(
    name="airflow.variables",
    summary="What named variables of Airflow are set to.",
    arguments=VariablesArguments,
    facts=Variables,
    read=read_variables,
    typical=Variables(
        (
            Variable("stripe_batch_size", "100", is_set=True),
            Variable("stripe_requests_per_second", "20", is_set=True),
        ),
        by_name={"stripe_batch_size": "100", "stripe_requests_per_second": "20"},
    ),
    empty=Variables(),
    deadline_s=10.0,
)
