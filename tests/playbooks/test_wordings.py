"""Further wordings of an incident recognise it as a playbook's own patterns do; what is wrong is told with its line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.alerts.alert import Alert
from bot.playbooks.catalogue import Catalogue
from bot.playbooks.costs import note_costly_patterns
from bot.playbooks.load import check, survey_folder
from bot.playbooks.signatures import PatternError, compile_pattern

Write = Callable[..., Path]
Tell = Callable[..., Path]


@pytest.fixture
def tell(write: Write) -> Tell:
    """Writes the small playbook with these wordings beside it."""

    def written(wordings: str, stem: str = "suspended_warehouse", **files: str) -> Path:
        folder = write(**files)
        (folder / "wordings").mkdir()
        (folder / "wordings" / f"{stem}.yml").write_text(wordings, encoding="utf-8")
        return folder

    return written


def answer(folder: Path, catalogue: Catalogue, text: str) -> str:
    """The playbook that answers this text, with its warehouse; "" when none does."""
    _, matcher = survey_folder(folder, catalogue).usable()
    match = matcher.match(Alert(text))
    return f"{match.playbook.id} {match.entities.get('warehouse', '')}" if match else ""


def test_each_line_is_a_pattern_of_the_playbook(tell: Tell, catalogue: Catalogue) -> None:
    """It recognises, gives entities and takes back, however many lines there are."""
    lines = "".join(f"  - 'way {number} of saying it'\n" for number in range(200))
    folder = tell(f"any:\n{lines}  - 'who stopped (?P<warehouse>\\w+)'\nnone:\n  - 'only kidding'\n")
    assert answer(folder, catalogue, "Who stopped ETL_WH?") == "suspended_warehouse ETL_WH"
    assert answer(folder, catalogue, "this is way 7 of saying it").startswith("suspended_warehouse")
    assert answer(folder, catalogue, "who stopped ETL_WH? only kidding") == ""


def test_two_patterns_recognise_together_in_either_order(tell: Tell, catalogue: Catalogue) -> None:
    """What it is about and what is wrong with it: in one line, at most 120 characters apart; one alone says nothing."""
    folder = tell("both:\n  - ['lake|river (?P<warehouse>\\w+)', 'flood|ran dry']\n")
    assert answer(folder, catalogue, "our river NILE ran dry") == "suspended_warehouse NILE"
    assert answer(folder, catalogue, "flood at the river NILE") == "suspended_warehouse NILE"
    assert answer(folder, catalogue, "flood" + "." * 120 + "lake")
    for silent in ("the river NILE", "it ran dry", "flood\nlake", "flood" + "." * 121 + "lake"):
        assert not answer(folder, catalogue, silent), silent


def test_words_are_shared_by_name(tell: Tell, catalogue: Catalogue) -> None:
    """`(?&name)` stands for its alternatives, as one group, in wordings, playbooks and shared.yml itself."""
    shared = "words: {weather: 'sun|rain'}\nnone: ['no (?&weather) today']\n"
    folder = tell("any: ['the (?&weather) stopped it']\n", shared=shared)
    assert answer(folder, catalogue, "the rain stopped it")
    assert not answer(folder, catalogue, "the rainbow; stopped it")
    assert not answer(folder, catalogue, "the rain stopped it, no sun today")


@pytest.mark.parametrize(
    ("lines", "broken"),
    [(("(a b", "c) d"), (2, 3)), (("[a b", "c] d"), (2,)), (("a b\\", "c d"), (2,)), (("fine words", "c) d"), (3,))],
)
def test_a_line_is_never_mended_by_the_next(
    tell: Tell, catalogue: Catalogue, lines: tuple[str, str], broken: tuple[int, ...]
) -> None:
    """Lines are put together for speed: a bracket, class or escape that is open at a line's end is a problem there."""
    folder = tell("any:\n" + "".join(f"  - '{line}'\n" for line in lines))
    problems = check(folder, catalogue)
    assert [problem.line for problem in problems] == list(broken)
    assert all("RE2 cannot run this pattern" in problem.message for problem in problems)


def test_a_flag_holds_for_its_own_line(tell: Tell, catalogue: Catalogue) -> None:
    """`(?-i)` in one line does not make the next one tell capitals from small letters."""
    folder = tell("any:\n  - 'who stopped it'\n  - '(?-i)The Lake IS shut'\n  - 'the river is shut'\n")
    assert answer(folder, catalogue, "The Lake IS shut")
    assert not answer(folder, catalogue, "the lake is shut")
    assert answer(folder, catalogue, "The River IS shut")


def test_lines_that_are_too_much_for_one_pattern_are_used_one_by_one(tell: Tell, catalogue: Catalogue) -> None:
    """Each can run, so nothing is wrong, and each recognises its text: RE2 refuses a program above 8 MB."""
    lines = [f"(?:{word} \\pL{{1,150}} \\pL{{1,150}}) end" for word in ("alpha", "bravo", "charlie", "delta", "echo")]
    with pytest.raises(PatternError):
        compile_pattern("|".join(lines))
    folder = tell("any:\n" + "".join(f"  - '{line}'\n" for line in lines))
    assert all(answer(folder, catalogue, f"{word} x y end") for word in ("alpha", "echo"))


@pytest.mark.parametrize(
    ("wordings", "told"),
    [
        (
            "any:\n  - fine\n  - '(?=ahead)x'\n",
            "playbooks/wordings/suspended_warehouse.yml:3: RE2 cannot run this pattern",
        ),
        ("any:\n  - 'who (?P<warehuose>x)'\n", "playbooks/wordings/suspended_warehouse.yml:2: no entity `warehuose`"),
        ("any:\n  - 'in (?&mnoth)'\n", "playbooks/wordings/suspended_warehouse.yml:2: no words `mnoth`"),
        ("both:\n  - [fine, '(?=x)y']\n", "playbooks/wordings/suspended_warehouse.yml:2: RE2 cannot run this pattern"),
        ("both:\n  - [fine]\n", "playbooks/wordings/suspended_warehouse.yml:2: `both.0.1` is missing"),
        ("ayn:\n  - fine\n", "playbooks/wordings/suspended_warehouse.yml:1: unknown key `ayn`"),
        ("any: [\n", "playbooks/wordings/suspended_warehouse.yml:"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tell: Tell, catalogue: Catalogue, wordings: str, told: str) -> None:
    """A pattern that cannot run, an entity or words that there are not, a key that is none, no YAML."""
    (problem,) = check(tell(wordings, shared="words: {month: 'jan|feb'}\n"), catalogue)
    assert str(problem).startswith(told)


def test_wordings_of_no_playbook_are_a_problem(tell: Tell, catalogue: Catalogue) -> None:
    """A playbook that was renamed does not leave them behind unread."""
    (problem,) = check(tell("any: [fine]\n", stem="gone"), catalogue)
    assert str(problem) == "playbooks/wordings/gone.yml:1: there is no playbook `gone`"


def test_a_costly_wording_is_noted_with_its_own_line(tell: Tell, catalogue: Catalogue) -> None:
    """As any other pattern is."""
    folder = tell("any:\n  - 'fine words'\n  - '\\d+%'\nboth:\n  - ['fine', 'words']\n  - ['\\d+%', '\\d+h']\n")
    playbooks, _ = survey_folder(folder, catalogue).usable()
    assert [f"{note.path}:{note.line}" for note in note_costly_patterns(folder, playbooks)] == [
        "playbooks/wordings/suspended_warehouse.yml:3",
        "playbooks/wordings/suspended_warehouse.yml:6",
    ]
