"""What a part inherits: the way to its programs, never the developer's accounts."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.variables import link_package, part_variables


def test_accounts_of_the_developer_are_not_inherited(families):
    """An exported token or routing key never reaches a part; PATH and HOME do."""
    mine = {"PATH": "/bin", "HOME": "/home/me", "PAGERDUTY_ROUTING_KEY": "real", "SLACK_BOT_TOKEN": "xoxb-real"}
    variables = part_variables(families.context(), families.part("one"), mine)
    assert (variables["PATH"], variables["HOME"]) == ("/bin", "/home/me")
    assert not {"PAGERDUTY_ROUTING_KEY", "SLACK_BOT_TOKEN"} & variables.keys()


def test_a_part_finds_its_own_programs_first(families):
    """The environment's programs come before the rest of PATH; the part's own variables win."""
    context = families.context()
    part = replace(families.part("one"), environment="airflow", variables={"HOME": "/its/own"})
    variables = part_variables(context, part, {"PATH": "/bin", "HOME": "/home/me"})
    assert variables["PATH"] == f"{context.environments / 'airflow' / 'bin'}:/bin"
    assert variables["HOME"] == "/its/own"


def test_only_bot_can_be_imported_from_the_linked_folder(families):
    """PYTHONPATH holds one link; a link that points elsewhere is made anew."""
    context = families.context()
    folder = link_package(context)
    (folder / "bot").unlink()
    (folder / "bot").symlink_to("/nowhere")
    assert [entry.name for entry in link_package(context).iterdir()] == ["bot"]
    assert (folder / "bot").resolve() == context.repository / "bot"
