"""A folder of files becomes checked playbooks, or every problem that stands in their way."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bot.errors import PlaybookError
from bot.playbooks.catalogue import Catalogue
from bot.playbooks.check import check_playbooks
from bot.playbooks.collection import Playbooks
from bot.playbooks.document import Document, read_document
from bot.playbooks.match import Matcher
from bot.playbooks.model import Playbook
from bot.playbooks.platform import Platform
from bot.playbooks.problem import PlaybooksRefused, Problem
from bot.playbooks.references import check_references
from bot.playbooks.shared import Shared, read_shared
from bot.playbooks.validation import validate
from bot.playbooks.wordings import FOLDER as WORDINGS
from bot.playbooks.wordings import add_wordings, spell_out

PLATFORM, SHARED = "platform.yml", "shared.yml"
CASES = ".test.yml"
_ID = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class Survey:
    """What a folder holds: the playbooks that could be read (None without a platform) and everything that is wrong.

    `matcher` holds their signatures; None where these cannot be compiled.
    """

    playbooks: Playbooks | None
    matcher: Matcher | None
    problems: tuple[Problem, ...]

    def usable(self) -> tuple[Playbooks, Matcher]:
        """Both, every check passed; PlaybooksRefused with all problems otherwise."""
        if self.problems or self.playbooks is None or self.matcher is None:
            raise PlaybooksRefused(self.problems)
        return self.playbooks, self.matcher


def load_playbooks(folder: Path, catalogue: Catalogue) -> Playbooks:
    """The folder's playbooks, every check passed; PlaybooksRefused (a PlaybookError) with all problems otherwise."""
    return survey_folder(folder, catalogue).usable()[0]


def check(folder: Path, catalogue: Catalogue) -> list[Problem]:
    """Everything that is wrong in the folder, in the order of files and lines; [] when it can be used."""
    return list(survey_folder(folder, catalogue).problems)


def survey_folder(folder: Path, catalogue: Catalogue) -> Survey:
    """Read and check everything in a folder: platform.yml, shared.yml (may be absent) and one playbook a file."""
    problems: list[Problem] = []
    platform = _read_platform(folder, problems)
    shared, unusable = _read_shared(folder)
    if shared is None:
        return Survey(None, None, tuple(sorted({*problems, *unusable})))
    documents, found = _read_playbooks(folder, shared.words, problems)
    _read_wordings(folder, found, shared.words, problems)
    problems += [*unusable, *_check_names(found, documents)]
    if platform is None:
        return Survey(None, None, tuple(sorted(set(problems))))
    sound = {}
    for id, playbook in found.items():
        wrong = check_references(playbook, documents[id], catalogue, platform, shared)
        problems += wrong
        if not wrong:
            sound[id] = playbook
    playbooks = Playbooks(MappingProxyType(sound), platform, shared, MappingProxyType(documents))
    matcher = None if unusable else Matcher(playbooks, shared)
    if matcher is not None:
        problems += check_playbooks(playbooks, matcher, catalogue)
    return Survey(playbooks, matcher, tuple(sorted(set(problems))))


def show_path(folder: Path, path: Path) -> str:
    """How problems call a file: from the folder of the playbooks on."""
    return f"{folder.name}/{path.relative_to(folder)}"


def open_document(folder: Path, path: Path, problems: list[Problem]) -> Document | None:
    """What a file of this folder holds; None, and one problem more, when it cannot be read."""
    try:
        return read_document(path, show_path(folder, path))
    except PlaybookError as error:
        message = str(error).removeprefix(f"{error.path}:{error.line}: ")
        problems.append(Problem(error.path, error.line, message))
        return None


def _read_platform(folder: Path, problems: list[Problem]) -> Platform | None:
    document = open_document(folder, folder / PLATFORM, problems)
    if document is None:
        return None
    platform, wrong = validate(Platform, document)
    problems += wrong
    return platform


def _read_shared(folder: Path) -> tuple[Shared | None, list[Problem]]:
    """None when playbooks cannot be read either, because what they name is not known."""
    if not (folder / SHARED).exists():
        return Shared(), []
    problems: list[Problem] = []
    document = open_document(folder, folder / SHARED, problems)
    return read_shared(document) if document else (None, problems)


def _read_playbooks(
    folder: Path, words: Mapping[str, str], problems: list[Problem]
) -> tuple[dict[str, Document], dict[str, Playbook]]:
    documents: dict[str, Document] = {}
    found: dict[str, Playbook] = {}
    for path in sorted(folder.glob("*.yml")):
        if path.name in (PLATFORM, SHARED) or path.name.endswith(CASES):
            continue
        if not _ID.fullmatch(path.stem):
            message = f"`{path.stem}` cannot be an id: lower-case letters, digits and _ only"
            problems.append(Problem(show_path(folder, path), 1, message))
            continue
        document = open_document(folder, path, problems)
        if document is None:
            continue
        document, unknown = spell_out(document, words, "match")
        playbook, wrong = validate(Playbook, document, id=path.stem)
        problems += [*unknown, *wrong]
        if playbook is not None and not unknown:
            documents[path.stem], found[path.stem] = document, playbook
    return documents, found


def _read_wordings(folder: Path, found: dict[str, Playbook], words: Mapping[str, str], problems: list[Problem]) -> None:
    """Give each playbook its further wordings."""
    for path in sorted((folder / WORDINGS).glob("*.yml")):
        document = open_document(folder, path, problems)
        if document is None:
            continue
        if path.stem in found:
            found[path.stem], wrong = add_wordings(found[path.stem], document, words)
            problems += wrong
        elif not (folder / path.name).exists():
            problems.append(Problem(document.path, 1, f"there is no playbook `{path.stem}`"))


def _check_names(playbooks: dict[str, Playbook], documents: dict[str, Document]) -> list[Problem]:
    """An alias names one playbook: neither another's alias nor anybody's id."""
    problems, owners = [], dict.fromkeys(playbooks, "an id")
    for id, playbook in playbooks.items():
        for index, alias in enumerate(playbook.aliases):
            if alias in owners:
                line = documents[id].line_of(("aliases", index))
                taken = owners[alias] if owners[alias] != "an id" else f"the id of {alias}"
                problems.append(Problem(documents[id].path, line, f"the alias `{alias}` is taken: it is {taken}"))
            owners.setdefault(alias, f"an alias of {id}")
    return problems
