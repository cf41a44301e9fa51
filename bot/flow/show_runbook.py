"""`/runbook`: a runbook with what is true right now, whether or not anything is wrong."""

from bot.flow.open_case import open_case
from bot.flow.take_alert import begin
from bot.flow.world import World


async def show_runbook(name: str, person: str, channel: str, world: World) -> str:
    """Open a case for this playbook (id or alias) in the channel and diagnose it; what to tell the asker.

    UnknownName, with what the name may have meant, when there is no such playbook.
    """
    library = world.library()
    playbook = library.find(name)
    title = library.title(playbook, {})
    case = await open_case(f"Runbook: {title}, asked for by <@{person}>", title, playbook.id, person, channel, world)
    await begin(case, world)
    return f"The runbook {title} is in the thread."


def list_runbooks(world: World) -> str:
    """Every runbook with its aliases, a line each, as Slack mrkdwn."""
    return "\n".join(world.library().lines(world.clock.now()))
