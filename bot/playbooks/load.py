"""A folder of files becomes checked playbooks, or every problem that stands in their way."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bot.errors import PlaybookError
from bot.playbooks.catalogue import Catalogue
from bot.playbooks.check import check_playbooks
from bot.playbooks.collection import Playbooks
from bot.playbooks.document import Document, Location, read_document
from bot.playbooks.literals import required_literals
from bot.playbooks.match import Matcher
from bot.playbooks.model import Playbook
from bot.playbooks.platform import Platform
from bot.playbooks.problem import PlaybooksRefused, Problem
from bot.playbooks.references import check_references
from bot.playbooks.shared import Shared
from bot.playbooks.signatures import compile_pattern
from bot.playbooks.validation import Model, validate
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
    platform = _read(folder / PLATFORM, Platform, problems)
    shared, unusable = Shared(), []
    if (folder / SHARED).exists():
        shared = _read(folder / SHARED, Shared, problems) or shared
        unusable = _check_shared(shared, folder / SHARED)
        problems += unusable
    documents, found = _read_playbooks(folder, shared.words, problems)
    _read_wordings(folder, found, shared.words, problems)
    problems += _check_names(found, documents)
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


def _read(path: Path, model: type[Model], problems: list[Problem]) -> Model | None:
    try:
        document = read_document(path, shown_path(path))
    except PlaybookError as error:
        problems.append(problem_of(error))
        return None
    if model is Shared:
        written = document.data.get("words")
        document, wrong = spell_out(document, written if isinstance(written, dict) else {})
        problems += wrong
    value, wrong = validate(model, document)
    problems += wrong
    return value


def shown_path(path: Path) -> str:
    """How problems call a file: its folder and name."""
    return f"{path.parent.name}/{path.name}"


def problem_of(error: PlaybookError) -> Problem:
    """The problem that a file's reader raised."""
    return Problem(error.path, error.line, str(error).removeprefix(f"{error.path}:{error.line}: "))


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
            problems.append(Problem(shown_path(path), 1, message))
            continue
        try:
            document = read_document(path, shown_path(path))
        except PlaybookError as error:
            problems.append(problem_of(error))
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
        try:
            document = read_document(path, shown_path(path))
        except PlaybookError as error:
            problems.append(problem_of(error))
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


def _shared_patterns(shared: Shared) -> list[tuple[Location, str]]:
    groups: list[tuple[Location, tuple[str, ...]]] = [(("none",), shared.none)]
    groups += [(("systems", name), sources) for name, sources in shared.systems.items()]
    groups += [(("entities", name, "text"), rule.text) for name, rule in shared.entities.items()]
    groups += [(("entities", name, "never_like"), rule.never_like) for name, rule in shared.entities.items()]
    return [((*at, index), source) for at, sources in groups for index, source in enumerate(sources)]


def note_costly_patterns(folder: Path, playbooks: Playbooks) -> list[Problem]:
    """The patterns, with file and line, that are run on every alert: nothing is wrong with them, but each costs."""
    return sorted(
        Problem(
            document.path, document.line_of(at), "note: run on every alert: some branch has no fixed text of 3 letters"
        )
        for document, at, source in _written_patterns(folder, playbooks)
        if not required_literals(source)
    )


def _written_patterns(folder: Path, playbooks: Playbooks) -> Iterator[tuple[Document, Location, str]]:
    for document in playbooks.documents.values():
        for part in ("any", "none"):
            for index, source in enumerate(document.data["match"].get(part, ())):
                yield document, ("match", part, index), source
    for path in sorted((folder / WORDINGS).glob("*.yml")):
        document, _ = spell_out(read_document(path, shown_path(path)), playbooks.shared.words)
        for part in ("any", "none"):
            for index, source in enumerate(document.data.get(part, ())):
                yield document, (part, index), source
    if (folder / SHARED).exists():
        shared = read_document(folder / SHARED, shown_path(folder / SHARED))
        for at, source in _shared_patterns(playbooks.shared):
            yield shared, at, source


def _check_shared(shared: Shared, path: Path) -> list[Problem]:
    document = read_document(path, shown_path(path))
    problems = []
    for at, source in _shared_patterns(shared):
        try:
            compile_pattern(source)
        except PlaybookError as error:
            problems.append(Problem(document.path, document.line_of(at), str(error)))
    return problems
