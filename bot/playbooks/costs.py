"""Stage 3: which patterns are run on every alert: for those who write them, because each costs a search of its own."""

from collections.abc import Iterator
from pathlib import Path

from bot.playbooks.collection import Playbooks
from bot.playbooks.document import Document, Location
from bot.playbooks.literals import required_literals
from bot.playbooks.load import SHARED, open_document
from bot.playbooks.problem import Problem
from bot.playbooks.shared import shared_patterns
from bot.playbooks.validation import validate
from bot.playbooks.wordings import FOLDER as WORDINGS
from bot.playbooks.wordings import Wordings, spell_out


def note_costly_patterns(folder: Path, playbooks: Playbooks) -> list[Problem]:
    """Those patterns of a folder that was loaded without a problem, with file and line. Nothing is wrong with them."""
    return sorted(
        Problem(
            document.path, document.line_of(at), "note: run on every alert: some branch has no fixed text of 3 letters"
        )
        for document, at, source in _written_patterns(folder, playbooks)
        if not required_literals(source)
    )


def _written_patterns(folder: Path, playbooks: Playbooks) -> Iterator[tuple[Document, Location, str]]:
    for playbook in playbooks.documents.values():
        for part in ("any", "none"):
            for index, source in enumerate(playbook.data["match"].get(part, ())):
                yield playbook, ("match", part, index), source
    for path in sorted((folder / WORDINGS).glob("*.yml")):
        if written := open_document(folder, path, []):
            spelt, _ = spell_out(written, playbooks.shared.words)
            wordings, _ = validate(Wordings, spelt)
            yield from ((spelt, at, source) for at, source in (wordings or Wordings()).patterns())
    if (folder / SHARED).exists() and (shared := open_document(folder, folder / SHARED, [])):
        yield from ((shared, at, source) for at, source in shared_patterns(playbooks.shared))
