"""Stage 3: the one name that a sentence holds, when nothing around it tells what it is of.

`is it me or is stg_pins not updating?` names a table for a playbook that is about tables, and `stg_pins` can be nothing
else there. A text of two such names tells nothing, and a name that is known as something else is not taken.
"""

from collections.abc import Iterable, Mapping

from bot.playbooks.shared import CommonEntity
from bot.playbooks.signatures import Compiled, compile_pattern, encode

LONGEST = 300  # bytes of a text in which people tell; what tools write is longer and has labels


def find_sole_name(name: str, common: CommonEntity, text: bytes, known: Mapping[str, str]) -> str:
    """The only value of this entity that the text can hold by its looks (`sole` in shared.yml), "" when there is none
    or more than one. `known` are the entities that were read: their values, and parts of these, are no candidates."""
    if not common.sole or len(text) > LONGEST or text.count(b"\n") > 1:
        return ""
    taken = {part for value in known.values() for part in (value.casefold(), *value.casefold().split("."))}
    found = {value for source in common.sole for value in _values(compile_pattern(source), name, text)}
    free = [value for value in found if not taken.intersection((value.casefold(), *value.casefold().split(".")))]
    return free[0] if len(free) == 1 and not _is_other(free[0], common) else ""


def _values(pattern: Compiled, name: str, text: bytes) -> Iterable[str]:
    hit = pattern.search(text)
    while hit and name in hit.groups:
        yield hit.groups[name]
        text = text[text.find(hit.groups[name].encode(), hit.start) + len(hit.groups[name].encode()) :]
        hit = pattern.search(text)


def _is_other(value: str, common: CommonEntity) -> bool:
    return any(compile_pattern(source).search(encode(value)) for source in common.sole_never)
