"""A folder is used as a whole, or every problem in it is told with file, line and what was perhaps meant."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import PlaybookError, UnknownName
from bot.playbooks.catalogue import Catalogue
from bot.playbooks.costs import note_costly_patterns
from bot.playbooks.load import check, load_playbooks, survey_folder
from bot.playbooks.problem import PlaybooksRefused

Write = Callable[..., Path]


def problems_of(folder: Path, catalogue: Catalogue) -> list[str]:
    """Each problem on one line."""
    return [str(problem).replace("\n    ", " | ") for problem in check(folder, catalogue)]


def test_a_good_folder_becomes_a_frozen_collection(write: Write, catalogue: Catalogue) -> None:
    """Playbooks by id, with the platform; `find` knows ids and aliases however they are written."""
    playbooks = load_playbooks(write(), catalogue)
    assert list(playbooks.by_id) == ["suspended_warehouse"]
    assert playbooks.platform.name == "Shop"
    assert playbooks.find("Suspended").id == playbooks.find("suspended-warehouse").id == "suspended_warehouse"
    with pytest.raises(UnknownName, match="Did you mean suspended"):
        playbooks.find("suspendid")
    with pytest.raises(TypeError):
        playbooks.by_id["x"] = playbooks.find("suspended")  # type: ignore[index]


def test_all_problems_of_all_files_are_told_at_once(write: Write, text: str, catalogue: Catalogue) -> None:
    """One run is enough to see what must be repaired; files and lines are in order."""
    second = text.replace("severity: P1", "severity: P9").replace("aliases: [suspended]", "alias: [x]")
    folder = write(a_broken="title: [", b_wrong=second, platform="name: x\nchanels: [a]\n")
    told = problems_of(folder, catalogue)
    assert [line.split(": ")[0] for line in told] == [
        "playbooks/a_broken.yml:1",
        "playbooks/b_wrong.yml:2",
        "playbooks/b_wrong.yml:4",
        "playbooks/platform.yml:1",
        "playbooks/platform.yml:2",
    ]
    assert told[2].endswith("unknown key `alias` | did you mean aliases?")
    assert told[4].endswith("unknown key `chanels` | did you mean channels?")


def test_loading_a_bad_folder_raises_with_every_problem(write: Write, text: str, catalogue: Catalogue) -> None:
    """The error is a PlaybookError with the first problem's file and line, and holds all of them."""
    folder = write(suspended_warehouse=text.replace("when: monitor", "when: moniter").replace("P1", "P7"))
    with pytest.raises(PlaybooksRefused) as refused:
        load_playbooks(folder, catalogue)
    assert isinstance(refused.value, PlaybookError)
    assert (refused.value.path, refused.value.line) == ("playbooks/suspended_warehouse.yml", 2)
    assert str(refused.value).startswith("playbooks/suspended_warehouse.yml:2: `severity`")


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("probe: snowflake.warehouse,", "probe: snowflake.warehose,", 13, "did you mean snowflake.warehouse"),
        ("remedy: snowflake.set_credit_quota", "remedy: snowflake.set_quota", 28, "did you mean snowflake.set_credit"),
        (
            'warehouse: "{{ state.name }}"',
            'warehose: "{{ state.name }}"',
            14,
            "no argument `warehose` | did you mean war",
        ),
        ('with: {warehouse: "{{ warehouse }}"}', "with: {}", 13, "the argument `warehouse` is missing"),
        ("{{ monitor.used }}*", "{{ monitor.usd }}*", 18, "there is no `monitor.usd` | did you mean used?"),
        ("{{ running.count }}", "{{ runing.count }}", 22, "nothing here is called `runing` | did you mean running?"),
        (
            "{{ running.count }}",
            "{% for q in running.queries %}{{ q.usr }}{% endfor %}",
            22,
            "there is no `q.usr` | did",
        ),
        ("{{ monitor.used }}*", "{{ monitor.used | nuber }}*", 18, "no `nuber` to apply; did you mean number"),
        ("User: user", "User: usr", 23, "nothing here is called `usr` | did you mean user?"),
        ("show: [state]", "show: [stat]", 21, "no diagnostic `stat` | did you mean state?"),
        (
            '{warehouse: "{{ state.name }}"}',
            '{warehouse: "{{ state.name }}"}, optional: [stat]',
            14,
            "no diagnostic `stat` | did",
        ),
        ("offer: [raise]", "offer: [rais]", 19, "no remedy `rais` | did you mean raise?"),
        ("(?P<warehouse>", "(?P<warehuose>", 8, "no entity `warehuose` | did you mean warehouse?"),
        ("[a-z_]+", "[a-z_+", 8, "RE2 cannot run this pattern"),
        ("group_by: [warehouse]", "group_by: [wh]", 11, "no entity `wh`"),
        ("type: snowflake_identifier", "type: snowflake_name", 10, "did you mean snowflake_identifier"),
        ("platform.warehouses.loading", "platform.warehouses.load", 10, "did you mean loading?"),
        ("title: Warehouse {{ warehouse }}", "title: Warehouse {{ warehouse", 1, "in `Warehouse {{ warehouse"),
        ("when: monitor.is_exhausted", "when: monitor.exhausted", 32, "did you mean is_exhausted"),
        ("again: monitor", "again: monitors", 33, "no diagnostic `monitors`"),
        ("not result.is_exhausted", "not monitor.is_exhausted", 33, "nothing here is called `monitor`"),
        ("within: 5m", "within: 5 minutes", 33, "not a duration such as"),
        ("inputs: {quota:", "inputs: {qota:", 31, "no argument `qota`"),
        ("status: stable", "status: stabel", 3, "did you mean stable"),
        ("summary: Nothing", "id: x\nsummary: Nothing", 6, "follows from the file's name"),
        ("  state: {probe", "  now: {probe: snowflake.running_queries}\n  state: {probe", 13, "name of something else"),
        ("entities: {warehouse: ETL_WH}", "entities: {wh: ETL_WH}", 36, "no entity `wh`"),
    ],
)
def test_a_mistake_is_told_at_its_line_with_what_was_meant(
    write: Write, text: str, catalogue: Catalogue, old: str, new: str, line: int, told: str
) -> None:
    """Unknown probes, remedies, arguments, fields, entities and keys; broken patterns, templates and durations."""
    assert old in text
    found = problems_of(write(suspended_warehouse=text.replace(old, new, 1)), catalogue)
    at = [problem for problem in found if problem.startswith(f"playbooks/suspended_warehouse.yml:{line}: ")]
    assert any(told in problem for problem in at), found


def test_diagnostics_that_wait_for_each_other_are_refused(write: Write, text: str, catalogue: Catalogue) -> None:
    """A cycle would leave the card looking for ever."""
    cyclic = text.replace('with: {warehouse: "{{ warehouse }}"}', 'with: {warehouse: "{{ monitor.name }}"}')
    found = problems_of(write(suspended_warehouse=cyclic), catalogue)
    assert "monitor and state wait for each other" in found[0]


def test_an_alias_names_one_playbook(write: Write, text: str, catalogue: Catalogue) -> None:
    """Neither another playbook's alias nor its id may be taken."""
    other = text.replace("warehouse .?", "lake .?").replace("arehouse etl", "LAKE").replace("Warehouse 'ETL", "x")
    folder = write(other=other.replace("aliases: [suspended]", "aliases: [suspended, suspended_warehouse]"))
    told = [line for line in problems_of(folder, catalogue) if "alias" in line]
    assert "the alias `suspended_warehouse` is taken: it is the id of suspended_warehouse" in told[0]
    assert "the alias `suspended` is taken: it is an alias of other" in told[1]


def test_a_file_whose_name_is_no_id_is_refused(write: Write, text: str, catalogue: Catalogue) -> None:
    """The stem is the id; cases, platform and shared are no playbooks."""
    folder = write(**{"Bad-Name": text, "x__test": "cases: []", "shared": "none: ['resolved']"})
    assert problems_of(folder, catalogue) == [
        "playbooks/Bad-Name.yml:1: `Bad-Name` cannot be an id: lower-case letters, digits and _ only"
    ]


def test_without_a_platform_nothing_is_loaded(write: Write, catalogue: Catalogue) -> None:
    """The platform's own names are what playbooks speak of."""
    survey = survey_folder(write(platform=None), catalogue)
    assert survey.playbooks is None
    assert "platform.yml:1: cannot be read" in str(survey.problems[0])


def test_shared_patterns_are_checked_too(write: Write, catalogue: Catalogue) -> None:
    """A pattern there that RE2 cannot run, or that matches everything, silences or breaks all playbooks."""
    shared = "none:\n  - 'okay'\n  - '(?=x)'\nentities:\n  dag_id: {type: dag_id, text: ['(x*)']}\n"
    told = problems_of(write(shared=shared), catalogue)
    assert [line.split(": ")[0] for line in told] == ["playbooks/shared.yml:3", "playbooks/shared.yml:5"]
    assert "RE2 cannot run" in told[0]


def test_a_pattern_without_fixed_text_is_noted_with_its_line(write: Write, text: str, catalogue: Catalogue) -> None:
    """It is run on every alert, in a playbook or in shared.yml; that is a cost and no mistake."""
    folder = write(suspended_warehouse=text.replace("any: [", "any: ['[0-9]{9,}%', "))
    (folder / "shared.yml").write_text("none: ['is resolved', '^OK|^all clear']\n")
    notes = note_costly_patterns(folder, load_playbooks(folder, catalogue))
    line = text[: text.index("any: [")].count("\n") + 1
    assert [(note.path.split("/")[-1], note.line) for note in notes] == [
        ("shared.yml", 1),
        ("suspended_warehouse.yml", line),
    ]
