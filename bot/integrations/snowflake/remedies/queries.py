"""snowflake.cancel_query: end one running query."""

from bot.diagnostics.probe import Scope
from bot.integrations.snowflake.client import SnowflakeClient
from bot.integrations.snowflake.names import query_id
from bot.integrations.snowflake.probes.queries import QUERY, Query, QueryArguments, read_query
from bot.integrations.snowflake.probes.rows import words
from bot.remediation.remedy import Command, Draft, Remedy, Verification

CANCEL_QUERY_OPERATION = "cancel_query"


def plan_cancel(arguments: QueryArguments, state: Query, scope: Scope) -> Draft:
    """One command; none when the query has ended or is not known."""
    asked = query_id(arguments.query_id)
    target = f"query {asked}"
    if not state.exists:
        return Draft(target, (), "", note=f"Query {asked} is not in the last seven days that the bot may see.")
    if not state.is_running:
        return Draft(target, (), "", note=f"Query {asked} has ended already ({state.status}).")
    started = state.started_at
    minutes = int((scope.now - started).total_seconds() // 60) if started else int(state.running_s // 60)
    return Draft(
        target=target,
        commands=(Command(CANCEL_QUERY_OPERATION, cancel_statement(asked), {"query_id": asked}),),
        blast_radius=(
            f"Cancels 1 query of {state.user} on {state.warehouse or 'no warehouse'}, running {max(0, minutes)} min; "
            "what it has written in its transaction is rolled back."
        ),
        verification=Verification(QUERY.name, {"query_id": asked}, "not result.is_running", within_s=60.0),
    )


def perform_cancel(client: SnowflakeClient, command: Command, scope: Scope) -> str:
    """Cancels the query; says so when it had ended."""
    asked = query_id(str(command.arguments["query_id"]))
    rows = client.change(cancel_statement(asked), scope)
    said = words(next(iter(rows[0].values()))) if rows else ""
    if "terminated" in said.lower():
        return f"Cancelled query {asked}."
    return f"Query {asked} had ended already: {said}"


def cancel_statement(asked: str) -> str:
    """The statement for an id whose shape was checked."""
    return f"SELECT SYSTEM$CANCEL_QUERY('{asked}')"


CANCEL_QUERY: Remedy[SnowflakeClient, QueryArguments, Query] = Remedy(
    name="snowflake.cancel_query",
    summary="Cancels one running query.",
    arguments=QueryArguments,
    state=Query,
    read_state=read_query,
    plan=plan_cancel,
    perform=perform_cancel,
    typical=QUERY.typical,
    unchanged=Query(
        exists=True,
        query_id=QUERY.typical.query_id,
        status="SUCCESS",
        user=QUERY.typical.user,
        warehouse=QUERY.typical.warehouse,
        started_at=QUERY.typical.started_at,
        running_s=2610.0,
        text=QUERY.typical.text,
    ),
)
