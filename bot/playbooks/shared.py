"""What all playbooks share, from playbooks/shared.yml: texts that are no incident, and where tools write common values.

It is data beside the playbooks and not code, because it is about the wording of tools: a team whose CI says "all clear"
adds a line there. It names no platform.
"""

from collections.abc import Iterator

from pydantic import Field

from bot.errors import PlaybookError
from bot.playbooks.document import Document, Location
from bot.playbooks.entities import EntityType
from bot.playbooks.model import Pattern, Word, Written
from bot.playbooks.problem import Problem
from bot.playbooks.signatures import compile_pattern
from bot.playbooks.validation import validate
from bot.playbooks.wordings import spell_out


class CommonEntity(Written):
    """How tools write a value that many playbooks want: labels of a message's fields, and patterns on its text.

    `never` lists words that stand where a value would and are none, in lower case: `DAG run …`, `warehouse is …`.
    `never_like` are patterns of such values: a file is no table, a time no host.
    `sole` says what such a name looks like: for playbooks that are about it (`group_by`), the only one of a short text
    is read, whatever stands around it, unless it looks like one of `sole_never`.
    """

    type: EntityType
    fields: tuple[str, ...] = ()
    text: tuple[Pattern, ...] = ()
    never: tuple[str, ...] = ()
    never_like: tuple[Pattern, ...] = ()
    sole: tuple[Pattern, ...] = ()
    sole_never: tuple[Pattern, ...] = ()


class Shared(Written):
    """`words` are alternatives that patterns name as `(?&name)`, here, in playbooks and in wordings: months, pipelines.

    `none` takes back a match of every playbook (a recovery, an acknowledgement, planned work). `systems` holds what
    names a system in a text (a driver, a host, an error's prefix): playbooks say `about` and `not_from` with its name.

    Every alert is searched for these entities, also where its playbook does not declare them: which task failed is
    worth knowing in any thread. Templates, probes and remedies only ever get those that the playbook declares.
    """

    words: dict[Word, Pattern] = Field(default_factory=dict)
    none: tuple[Pattern, ...] = ()
    systems: dict[Word, tuple[Pattern, ...]] = Field(default_factory=dict)
    entities: dict[Word, CommonEntity] = Field(default_factory=dict)


def read_shared(document: Document) -> tuple[Shared | None, list[Problem]]:
    """What the file says, and every pattern of it that cannot be used; None when it does not say it as it should."""
    written = document.data.get("words")
    spelt, problems = spell_out(document, written if isinstance(written, dict) else {})
    shared, wrong = validate(Shared, spelt)
    problems += wrong
    if shared is None:
        return None, problems
    words = [(("words", name), source) for name, source in shared.words.items()]
    for at, source in [*words, *shared_patterns(shared)]:
        try:
            compile_pattern(source)
        except PlaybookError as error:
            problems.append(Problem(document.path, document.line_of(at), str(error)))
    return shared, problems


def shared_patterns(shared: Shared) -> Iterator[tuple[Location, str]]:
    """Every pattern that texts meet, and where it stands in the file."""
    groups: list[tuple[Location, tuple[str, ...]]] = [(("none",), shared.none)]
    groups += [(("systems", name), sources) for name, sources in shared.systems.items()]
    groups += [(("entities", name, "text"), rule.text) for name, rule in shared.entities.items()]
    for name, rule in shared.entities.items():
        further = {"never_like": rule.never_like, "sole": rule.sole, "sole_never": rule.sole_never}
        groups += [(("entities", name, part), sources) for part, sources in further.items()]
    return (((*at, index), source) for at, sources in groups for index, source in enumerate(sources))
