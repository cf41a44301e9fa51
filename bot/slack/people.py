"""Stage 9: who holds a role now, as Slack knows it: ids, @names and mails of platform.yml, and user groups."""

from collections.abc import Callable, Sequence

import structlog

from bot.errors import IntegrationError
from bot.playbooks.platform import People, Role
from bot.slack.methods import Method
from bot.slack.pacing import LoopTime, Time
from bot.slack.refusals import SlackMissing
from bot.slack.transport import Caller, pages

FRESH_FOR_S = 60.0
STANDS_FOR_S = 15 * 60.0  # how long what was known last counts while Slack does not answer
_log = structlog.get_logger(__name__)


class SlackPeople:
    """On call and leads, asked at most once a minute; what was known last stands while Slack does not answer.

    `people` gives platform.yml's roles as they are now: a role that was written anew is asked for at once.
    """

    def __init__(self, caller: Caller, people: Callable[[], People], time: Time | None = None) -> None:
        clock = time or LoopTime()
        self._on_call = _Remembered(caller, lambda: people().oncall, clock)
        self._leads = _Remembered(caller, lambda: people().lead, clock)

    async def on_call(self) -> frozenset[str]:
        """Slack user ids of who is on call now; empty when nobody is known."""
        return await self._on_call.get()

    async def leads(self) -> frozenset[str]:
        """Slack user ids of the leads."""
        return await self._leads.get()


class _Remembered:
    """Who holds a role, read again once it is older than FRESH_FOR_S or the role was written anew."""

    def __init__(self, caller: Caller, role: Callable[[], Role], time: Time) -> None:
        self._caller = caller
        self._role = role
        self._time = time
        self._of = role()
        self._known: frozenset[str] = frozenset()
        self._until = float("-inf")
        self._read_at = float("-inf")

    async def get(self) -> frozenset[str]:
        role = self._role()
        if role != self._of:  # whoever held the old one holds nothing now, whether Slack answers or not
            self._of, self._known, self._until = role, frozenset(), float("-inf")
        if self._time.now() >= self._until:
            try:
                self._known = await holders(self._caller, role)
                self._read_at = self._time.now()
            except IntegrationError as error:
                if self._time.now() - self._read_at > STANDS_FOR_S:
                    self._known = frozenset()  # nobody known: approvals are refused rather than given to last week's
                _log.warning("who holds a role could not be read", reason=error.reason, known=len(self._known))
            self._until = self._time.now() + FRESH_FOR_S
        return self._known


async def holders(caller: Caller, role: Role) -> frozenset[str]:
    """Everybody whom the role's list or user group names. A name that Slack does not know is left out and logged."""
    listed = await _resolve(caller, role.users) if role.users else frozenset()
    grouped = await _members(caller, role.usergroup.removeprefix("@")) if role.usergroup else frozenset()
    return listed | grouped


async def _resolve(caller: Caller, users: Sequence[str]) -> frozenset[str]:
    ids = {user for user in users if _is_id(user)}
    mails = [user for user in users if "@" in user.removeprefix("@")]
    names = {user.removeprefix("@").lower() for user in users} - {user.lower() for user in (*ids, *mails)}
    ids |= {id for mail in mails if (id := await _by_mail(caller, mail))}
    if names:
        ids |= await _by_name(caller, names)
    return frozenset(ids)


def _is_id(user: str) -> bool:
    return len(user) > 5 and user[0] in "UW" and user.isalnum() and user.isupper()


async def _by_mail(caller: Caller, mail: str) -> str:
    try:
        found = await caller.call(Method.PERSON_BY_EMAIL, {"email": mail})
    except SlackMissing:
        _log.warning("platform.yml names a person whom Slack does not know", person=mail)
        return ""
    return str((found.get("user") or {}).get("id", ""))


async def _by_name(caller: Caller, names: set[str]) -> set[str]:
    found: dict[str, str] = {}
    async for page in pages(caller, Method.PEOPLE, {"limit": 200}):
        for person in page.get("members") or ():
            said = (person.get("name"),)  # never the display name: anybody may call themselves what they like
            if not person.get("deleted") and not person.get("is_bot"):
                found |= {name.lower(): str(person["id"]) for name in said if name and name.lower() in names}
        if found.keys() >= names:
            break
    for name in sorted(names - found.keys()):
        _log.warning("platform.yml names a person whom Slack does not know", person=name)
    return set(found.values())


async def _members(caller: Caller, handle: str) -> frozenset[str]:
    groups = (await caller.call(Method.GROUPS, {})).get("usergroups") or ()
    id = next((str(group["id"]) for group in groups if handle in (group.get("handle"), group.get("id"))), "")
    if not id:
        _log.warning("platform.yml names a user group that Slack does not know", group=handle)
        return frozenset()
    members = await caller.call(Method.GROUP_MEMBERS, {"usergroup": id})
    return frozenset(map(str, members.get("users") or ()))
