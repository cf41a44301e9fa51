"""A person asks, no alert was posted: the answer gets a thread of its own in that channel."""

from bot.alerts.alert import Alert
from bot.flow.ports import AuditEntry
from bot.flow.world import World
from bot.incidents.incident import ASKED, Incident


async def open_case(headline: str, title: str, playbook: str, person: str, channel: str, world: World) -> Incident:
    """Post the headline and keep a case for its thread; nothing is read or planned yet."""
    ts = await world.headlines.open_thread(channel, headline)
    now = world.clock.now()
    id = world.new_id("case")
    case = Incident(id, playbook, title, "", ASKED + id, channel, ts, now, now)
    entry = AuditEntry(now, person, "case opened", id, "", {"headline": headline})
    await world.incidents.admit(Alert(headline, channel, ts, author=person), case, "", entry)
    return case
