"""Who holds a role: listed people and user groups, remembered for a minute and through an outage."""

from typing import Any

from bot.errors import Unreachable
from bot.playbooks.platform import People, Role
from bot.slack.methods import Method
from bot.slack.people import FRESH_FOR_S, SlackPeople, holders
from bot.slack.refusals import SlackMissing

PEOPLE = [
    {"id": "U0ONCALL", "name": "nadia", "profile": {"display_name": "Nadia"}},
    {"id": "U0LEAD", "name": "lee", "profile": {}},
    {"id": "U0GONE", "name": "max", "deleted": True},
]


def script(slack: Any, *members: list[str]) -> None:
    """A workspace with the group data-oncall; each call gives the next members."""
    slack.scripts[Method.GROUPS] = lambda _: {"usergroups": [{"id": "S1", "handle": "data-oncall"}]}
    slack.scripts[Method.GROUP_MEMBERS] = [{"users": users} for users in members]
    slack.scripts[Method.PEOPLE] = lambda _: {"members": PEOPLE}
    slack.scripts[Method.PERSON_BY_EMAIL] = lambda payload: (
        {"user": {"id": "U0MAIL"}} if payload["email"] == "kim@x.test" else SlackMissing("users_not_found", "none")
    )


async def test_list_takes_ids_names_and_mails(slack: Any, time: Any) -> None:
    """Ids need no call; @names and mails are looked up; who is unknown or gone is left out."""
    script(slack)
    users = ("U0DIRECT", "@Nadia", "lee", "max", "kim@x.test", "who@x.test", "@nobody")
    people = SlackPeople(slack, lambda: People(oncall=Role(users=users)), time)
    assert await people.on_call() == {"U0DIRECT", "U0ONCALL", "U0LEAD", "U0MAIL"}
    assert await people.leads() == frozenset()


async def test_group_members_hold_the_role(slack: Any, time: Any) -> None:
    """A user group is found by its handle; list and group together hold the role."""
    script(slack, ["U0ONCALL"])
    people = SlackPeople(slack, lambda: People(oncall=Role(usergroup="@data-oncall", users=("U0DIRECT",))), time)
    assert await people.on_call() == {"U0ONCALL", "U0DIRECT"}
    assert slack.sent(Method.GROUP_MEMBERS) == [{"usergroup": "S1"}]


async def test_answer_is_kept_for_a_minute(slack: Any, time: Any) -> None:
    """A shift that changes is seen after a minute, not at every click."""
    script(slack, ["U0ONCALL"], ["U0LEAD"])
    people = SlackPeople(slack, lambda: People(oncall=Role(usergroup="data-oncall")), time)
    assert await people.on_call() == {"U0ONCALL"}
    await time.advance(FRESH_FOR_S - 1)
    assert await people.on_call() == {"U0ONCALL"}
    await time.advance(2)
    assert await people.on_call() == {"U0LEAD"}


async def test_last_answer_stands_while_slack_is_silent(slack: Any, time: Any) -> None:
    """An outage leaves the last known people; before any answer nobody is known."""
    script(slack, ["U0ONCALL"])
    people = SlackPeople(
        slack, lambda: People(oncall=Role(usergroup="data-oncall"), lead=Role(usergroup="data-oncall")), time
    )
    assert await people.on_call() == {"U0ONCALL"}
    slack.scripts[Method.GROUPS] = lambda _: Unreachable("Slack", "no answer")
    await time.advance(FRESH_FOR_S + 1)
    assert await people.on_call() == {"U0ONCALL"}
    assert await people.leads() == frozenset()


async def test_unknown_group_holds_nobody(slack: Any, time: Any) -> None:
    """A handle that Slack does not know gives an empty set, which approves nothing."""
    script(slack)
    assert await SlackPeople(slack, lambda: People(oncall=Role(usergroup="data-leads")), time).on_call() == frozenset()


async def test_nobody_becomes_an_approver_by_a_display_name() -> None:
    """A display name is free to choose: only the unique name, an id or a mail makes a role's holder."""
    members = [
        {"id": "U0ALICE0", "name": "alice", "profile": {"display_name": "Al"}},
        {"id": "U0MALLORY", "name": "mallory", "profile": {"display_name": "alice"}},
    ]

    class Directory:
        async def call(self, _method: object, _payload: object) -> dict[str, object]:
            return {"ok": True, "members": members}

    assert await holders(Directory(), Role(users=("@alice",))) == {"U0ALICE0"}  # type: ignore[arg-type]


async def test_a_role_that_is_written_anew_counts_at_once(slack: Any, time: Any) -> None:
    """Whoever was taken out of platform.yml approves nothing more, even while Slack does not answer."""
    roles = [People(oncall=Role(users=("U0DIRECT",)))]
    people = SlackPeople(slack, lambda: roles[0], time)
    assert await people.on_call() == {"U0DIRECT"}
    slack.scripts[Method.GROUPS] = lambda _: Unreachable("Slack", "no answer")
    roles[0] = People(oncall=Role(usergroup="data-oncall"))
    assert await people.on_call() == frozenset()
