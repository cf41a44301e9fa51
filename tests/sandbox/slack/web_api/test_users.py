"""People and groups as an app sees them, by its scopes and what it asks for."""

from dataclasses import replace

import pytest

from bot.sandbox.slack.seed import ALERTING_APP


@pytest.mark.parametrize("email", ["nadia@example.com", "NADIA@Example.com"])
def test_an_address_finds_its_person_in_any_case(ask, email):
    """Letters' case does not matter in an address."""
    assert ask("users.lookupByEmail", email=email)["user"]["id"] == "U0ONCALL"


@pytest.mark.parametrize("email", ["", "nadia", "nadia@example.com ", "airflow@example.com"])
def test_an_address_of_nobody_finds_nobody(ask, denied, email):
    """Bots have no address, and an empty one is nobody's."""
    assert denied(ask, "users.lookupByEmail", email=email).code == "users_not_found"


def test_an_address_shows_only_to_who_may_see_it(standin, ask):
    """Without users:read.email profiles come without it, in the list as well, and nobody loses it for good."""
    blind = replace(ALERTING_APP, scopes=frozenset({"users:read"}))
    assert "email" not in ask("users.info", blind, user="U0LEAD")["user"]["profile"]
    assert all("email" not in user["profile"] for user in ask("users.list", blind)["members"])
    assert ask("users.info", user="U0LEAD")["user"]["profile"]["email"] == "lee@example.com"


@pytest.mark.parametrize("user", ["", "U0NONE", "lee"])
def test_users_are_told_by_id(ask, denied, user):
    """users.info wants an id: a name or nothing is nobody."""
    assert denied(ask, "users.info", user=user).code == "user_not_found"


def test_bots_are_marked(ask):
    """A bot user is told from a person, and names its app."""
    members = {user["id"]: user for user in ask("users.list")["members"]}
    assert [members[one]["is_bot"] for one in ("U0RUNBOOK", "U0AIRFLOW", "U0LEAD")] == [True, True, False]
    assert members["U0AIRFLOW"]["profile"]["api_app_id"] == "A0AIRFLOW"


ASKED = [
    ({}, set()),
    ({"include_users": True}, {"users"}),
    ({"include_count": "true"}, {"user_count"}),
    ({"include_users": "1", "include_count": "1"}, {"users", "user_count"}),
]


@pytest.mark.parametrize(("asked", "shown"), ASKED)
def test_groups_show_members_when_asked(ask, asked, shown):
    """usergroups.list leaves members and their number out unless asked."""
    (oncall, _) = ask("usergroups.list", **asked)["usergroups"]
    assert {"users", "user_count"} & set(oncall) == shown


def test_group_members_are_a_copy(standin, ask):
    """Who reads the members cannot change them."""
    ask("usergroups.users.list", usergroup="S0ONCALL")["users"].clear()
    assert ask("usergroups.users.list", usergroup="S0ONCALL")["users"] == ["U0ONCALL"]


def test_groups_are_filled_by_id_or_name(standin, ask, denied):
    """Whoever is put into a group is in it by id, which is what Slack answers; a stranger changes nothing."""
    standin.workspace.set_group("S0ONCALL", ["lee", "@sam", "U0ONCALL"])
    wanted = ["U0LEAD", "U0BYSTANDER", "U0ONCALL"]
    assert ask("usergroups.users.list", usergroup="S0ONCALL")["users"] == wanted
    assert denied(standin.workspace.set_group, "S0ONCALL", ["nobody"]).code == "user_not_found"
    assert ask("usergroups.list", include_count=True)["usergroups"][0]["user_count"] == 3
    standin.workspace.set_group("S0ONCALL", [])
    assert ask("usergroups.users.list", usergroup="S0ONCALL")["users"] == []


@pytest.mark.parametrize(("group", "code"), [("S0NONE", "no_such_subteam"), ("", "invalid_arguments")])
def test_an_unknown_group_is_refused(ask, denied, group, code):
    """A group that is not there, or not named."""
    assert denied(ask, "usergroups.users.list", usergroup=group).code == code


def test_an_app_asks_about_itself_and_others(ask, denied):
    """bots.info without an argument is about the caller."""
    assert ask("bots.info")["bot"]["name"] == "runbook-bot"
    assert ask("bots.info", bot="B0AIRFLOW")["bot"]["user_id"] == "U0AIRFLOW"
    assert denied(ask, "bots.info", bot="B0NONE").code == "bot_not_found"
