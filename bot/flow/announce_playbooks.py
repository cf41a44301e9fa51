"""The playbooks changed while the bot runs: whoever looks after them hears when a change could not be used."""

import structlog

from bot.errors import IntegrationError, PlaybookError
from bot.flow.ports import AuditEntry
from bot.flow.world import World

MOST_LINES = 12
log = structlog.get_logger()


async def announce_refused(problem: PlaybookError, channel: str, world: World) -> None:
    """Tell the leads, in `channel`, where the error is and that the playbooks of before stay in use."""
    log.error("playbooks refused, the old ones stay", problem=str(problem))
    lines = str(problem).splitlines()
    more = [f"… and {len(lines) - MOST_LINES} lines more: `runbook check`"] if len(lines) > MOST_LINES else []
    shown = "\n".join(("```", *lines[:MOST_LINES], "```", *more))
    text = f":warning: The playbooks were changed, but cannot be used: those of before stay.\n{shown}"
    await _tell(text, "playbooks refused", {"problem": str(problem)[:2000]}, channel, world)


async def announce_loaded(channel: str, world: World, *, was_broken: bool) -> None:
    """Note that new playbooks are in use; told to people only when they were told before that they could not be."""
    count = len(world.library().playbooks)
    log.info("playbooks loaded anew", playbooks=count)
    text = f":white_check_mark: The playbooks can be used again: {count} are loaded." if was_broken else ""
    await _tell(text, "playbooks loaded", {"playbooks": count}, channel, world)


async def _tell(text: str, action: str, detail: dict[str, object], channel: str, world: World) -> None:
    await world.audit.append(AuditEntry(world.clock.now(), "", action, "", "", detail))
    if not text or not channel:
        return
    try:
        leads = "".join(f"<@{person}> " for person in sorted(await world.people.leads()))
        await world.headlines.open_thread(channel, f"{leads}{text}")
    except IntegrationError as error:
        log.warning("the state of the playbooks could not be told", reason=error.reason)
