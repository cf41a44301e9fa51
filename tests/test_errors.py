"""The error tree: what it says to a person."""

import re

import pytest

from bot import errors
from bot.errors import IntegrationError, NotConnected, PlaybookError, RunbookError, UnknownName


def test_tree_in_the_docstring_is_the_tree_of_classes() -> None:
    """The tree drawn on top of the module shows every class under its parent, and no other."""
    drawn = [re.match(r"^([│ ├└─]*)(\w+)", line) for line in (errors.__doc__ or "").splitlines()[2:]]
    parents: dict[int, str] = {}
    found = {}
    for depth, name in ((len(one[1]) // 4, one[2]) for one in drawn if one):
        parents[depth] = name
        found[name] = parents.get(depth - 1)
    classes = {
        name: one.__base__.__name__
        for name, one in vars(errors).items()
        if isinstance(one, type) and issubclass(one, RunbookError)
    }
    assert found == {**classes, "RunbookError": None}


def test_integration_error_names_the_system_and_keeps_the_reason_apart() -> None:
    """The card shows the bare reason, a log line the system too."""
    error = IntegrationError("Snowflake", "the role may not read this")
    assert (str(error), error.reason) == ("Snowflake: the role may not read this", "the role may not read this")


def test_not_connected_is_an_integration_error_with_its_own_words() -> None:
    """A system without settings is told as absent, in the two words of the design."""
    assert NotConnected("Airflow").reason == "not connected"


@pytest.mark.parametrize(
    ("path", "line", "text"), [("a.yml", 3, "a.yml:3: no probe x"), ("", 0, "no probe x")], ids=["in a file", "nowhere"]
)
def test_playbook_error_starts_with_file_and_line(path: str, line: int, text: str) -> None:
    """`file:line:` stands first where there is a file, so that an editor can jump to it."""
    assert str(PlaybookError("no probe x", path=path, line=line)) == text


def test_unknown_name_suggests_what_was_meant() -> None:
    """A near miss is answered with the nearest names."""
    error = UnknownName("playbook", "Stale_dta", ["stale_data", "warehouse_suspended"])
    assert error.suggestions == ("stale_data",)
    assert str(error) == "There is no playbook `Stale_dta`. Did you mean stale_data?"


def test_unknown_name_far_from_everything_suggests_nothing() -> None:
    """No wild guess is offered for a name that resembles none."""
    assert str(UnknownName("DAG", "zzz", ["orders"])) == "There is no DAG `zzz`."


def test_unknown_name_suggests_names_written_with_capitals() -> None:
    """Names that hold capitals (warehouses, DAGs) are suggested too, as they are written."""
    assert UnknownName("warehouse", "LOAD_W", ["LOAD_WH"]).suggestions == ("LOAD_WH",)
