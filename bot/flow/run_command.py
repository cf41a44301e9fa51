"""`/retrigger`, `/kill-query`: remedies that a person may ask for without an alert."""

from bot.diagnostics.probe import Scope
from bot.flow.open_case import open_case
from bot.flow.request_remedy import plan_offer
from bot.flow.world import World
from bot.playbooks.reply import Approvers, Offer


async def request_trigger(dag_id: str, person: str, channel: str, world: World) -> str:
    """Plan a new run of a DAG in a thread of this channel; what to tell the asker. Nothing is run."""
    offer = Offer("retrigger", f"Trigger {dag_id}", "airflow.trigger_dag_run", {"dag_id": dag_id}, Approvers.ONCALL)
    return await _request(f"A new run of {dag_id}, asked for by <@{person}>", offer, person, channel, world)


async def request_cancel(query_id: str, person: str, channel: str, world: World) -> str:
    """Plan to cancel a running query in a thread of this channel; what to tell the asker. Nothing is run."""
    arguments = {"query_id": query_id}
    offer = Offer("kill_query", f"Cancel {query_id}", "snowflake.cancel_query", arguments, Approvers.ONCALL)
    return await _request(f"Cancel query {query_id}, asked for by <@{person}>", offer, person, channel, world)


async def _request(headline: str, offer: Offer, person: str, channel: str, world: World) -> str:
    # Read first: a DAG or query that does not exist, or is over, is told to the asker alone, not to the channel.
    draft = await world.systems.draft(offer.remedy, offer.arguments, Scope("command", world.clock.now()))
    if not draft.commands:
        return f"Nothing is planned: {draft.note or 'nothing needs changing.'}"
    case = await open_case(headline, offer.label, "", person, channel, world)
    await plan_offer(case, offer, person, world)
    return "The plan is in the thread; the person on call can approve it."
