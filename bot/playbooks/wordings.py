"""Stage 3: how else an incident is told: `wordings/<id>.yml`, one way a line; and words that patterns share by name.

A playbook holds what its tools write, on one page; people and monitors say it in a hundred other ways: they are there.
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.errors import PlaybookError
from bot.playbooks.branches import split_branches
from bot.playbooks.document import Document, Location
from bot.playbooks.model import Pattern, Playbook, Written
from bot.playbooks.problem import Problem, did_you_mean
from bot.playbooks.signatures import compile_pattern
from bot.playbooks.validation import validate

FOLDER = "wordings"
_NAMED = re.compile(r"\(\?&(\w+)\)")
_JOINED = 1000  # characters of a pattern that lines are put together to: fewer programs are kept and searched


class Wordings(Written):
    """Further patterns of a playbook's `match`, as there: each line recognises the incident, or takes it back.

    `both` are two patterns that recognise it together: what it is about and what is wrong with it, in either order, in
    one line of the text and not further apart than 120 characters. People say the same in so many orders.
    """

    any: tuple[Pattern, ...] = ()
    both: tuple[tuple[Pattern, Pattern], ...] = ()
    none: tuple[Pattern, ...] = ()

    def patterns(self) -> Iterator[tuple[Location, str]]:
        """Each pattern that recognises, or takes back, with its place in the file."""
        yield from ((("any", index), line) for index, line in enumerate(self.any))
        yield from ((("both", index), _either_order(*pair)) for index, pair in enumerate(self.both))
        yield from ((("none", index), line) for index, line in enumerate(self.none))


def _either_order(one: str, other: str) -> str:
    return rf"(?:{one})[^\n]{{0,120}}(?:{other})|(?:{other})[^\n]{{0,120}}(?:{one})"


def spell_out(document: Document, words: Mapping[str, str], part: str = "") -> tuple[Document, list[Problem]]:
    """The document (or one part of it) with the shared words in place of every `(?&name)`, and each unknown name."""
    problems: list[Problem] = []

    def spelt(value: Any, at: Location) -> Any:
        if isinstance(value, dict):
            return {key: spelt(item, (*at, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [spelt(item, (*at, index)) for index, item in enumerate(value)]
        if not isinstance(value, str) or "(?&" not in value:
            return value
        line = document.line_of(at)
        problems.extend(
            Problem(document.path, line, f"no words `{name}`", did_you_mean(name, words))
            for name in sorted(set(_NAMED.findall(value)) - words.keys())
        )
        return _NAMED.sub(lambda found: f"(?:{words.get(found[1], '')})", value)

    if not part:
        return dataclasses.replace(document, data=spelt(document.data, ())), problems
    if part not in document.data:
        return document, problems
    data = {**document.data, part: spelt(document.data[part], (part,))}
    return dataclasses.replace(document, data=data), problems


def add_wordings(playbook: Playbook, document: Document, words: Mapping[str, str]) -> tuple[Playbook, list[Problem]]:
    """The playbook that also recognises these wordings; itself, with every problem, where they cannot be used."""
    spelt, problems = spell_out(document, words)
    wordings, wrong = validate(Wordings, spelt)
    problems += wrong
    if wordings is None or problems:
        return playbook, problems
    any = join_lines(source for at, source in wordings.patterns() if at[0] != "none")
    none = join_lines(wordings.none)
    if not _can_run(playbook, (*any, *none)):
        return playbook, list(_explain(playbook, spelt, wordings))
    own = playbook.match
    match = own.model_copy(update={"any": own.any + any, "none": own.none + none})
    return playbook.model_copy(update={"match": match}), []


def join_lines(lines: Iterable[str]) -> tuple[str, ...]:
    """These patterns as few, each line a branch or several of one; as they are where RE2 cannot run them together."""
    found: list[str] = []
    room = 0
    for line in (every := tuple(lines)):
        if len(line) < room and _stands_apart(line):
            found[-1] = f"{found[-1]}|{line}"
            room -= len(line) + 1
        else:
            found.append(line)
            room = _JOINED - len(line) if _stands_apart(line) else 0
    try:
        for source in found:
            compile_pattern(source)
    except PlaybookError:
        return every
    return tuple(found)


def _stands_apart(line: str) -> bool:
    """Whether a `|` parts this line from another: not so behind an open bracket or quote, or a flag that holds on."""
    return split_branches(f"{line}|x") == (*split_branches(line), "x")


def _can_run(playbook: Playbook, sources: Iterable[str]) -> bool:
    try:
        return all(compile_pattern(source).names <= playbook.entities.keys() for source in sources)
    except PlaybookError:
        return False


def _explain(playbook: Playbook, document: Document, wordings: Wordings) -> Iterator[Problem]:
    for at, source in wordings.patterns():
        line = document.line_of(at)
        try:
            unknown = compile_pattern(source).names - playbook.entities.keys()
        except PlaybookError as error:
            yield Problem(document.path, line, str(error))
            continue
        for name in sorted(unknown):
            yield Problem(document.path, line, f"no entity `{name}`", did_you_mean(name, playbook.entities))
