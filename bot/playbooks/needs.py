"""Stage 5: which diagnostics can be read now: a diagnostic waits for those that its arguments name."""

from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from typing import Any

from bot.playbooks.document import Location
from bot.playbooks.model import Playbook
from bot.playbooks.platform import Platform
from bot.playbooks.reply import Reading
from bot.playbooks.templates import KEPT, TextError, names_in, parse_text, resolve_arguments
from bot.playbooks.values import collect_values


def texts_in(value: Any, at: Location = ()) -> Iterator[tuple[Location, str]]:
    """Every text inside an argument, with its location."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts_in(item, (*at, key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from texts_in(item, (*at, index))


def needs_of(playbook: Playbook) -> dict[str, frozenset[str]]:
    """For each diagnostic the others that its arguments name."""
    return {
        key: frozenset().union(*(_names(text) for _, text in texts_in(diagnostic.with_))) & playbook.diagnostics.keys()
        for key, diagnostic in playbook.diagnostics.items()
    }


@lru_cache(maxsize=KEPT)
def _names(source: str) -> frozenset[str]:
    return names_in(parse_text(source))


def find_cycle(needs: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The diagnostics that can never be read because they wait for each other; () when there are none."""
    left = dict(needs)
    while free := [key for key, waits in left.items() if not waits & left.keys()]:
        for key in free:
            del left[key]
    return tuple(sorted(left))


def ready_diagnostics(
    playbook: Playbook, entities: Mapping[str, str], readings: Mapping[str, Reading], platform: Platform
) -> dict[str, tuple[str, dict[str, Any]]]:
    """What can be read now: diagnostic → (probe, arguments). Those with a reading already are not among them.

    Call it again after each reading; when it gives nothing and nothing is under way, everything readable was read.
    """
    ready, _ = _sort(playbook, entities, readings, platform)
    return ready


def stuck_diagnostics(
    playbook: Playbook, entities: Mapping[str, str], readings: Mapping[str, Reading], platform: Platform
) -> dict[str, str]:
    """What can never be read with these readings, with the reason: what it needs was not read, or says too little."""
    _, stuck = _sort(playbook, entities, readings, platform)
    return stuck


def _sort(
    playbook: Playbook, entities: Mapping[str, str], readings: Mapping[str, Reading], platform: Platform
) -> tuple[dict[str, tuple[str, dict[str, Any]]], dict[str, str]]:
    waiting = [key for key in playbook.diagnostics if key not in readings]
    if not waiting:
        return {}, {}
    values = collect_values(playbook, entities, readings, platform)
    ready: dict[str, tuple[str, dict[str, Any]]] = {}
    needs = needs_of(playbook)
    unread = {key for key, reading in readings.items() if reading.reason is not None}
    stuck = _stuck_behind(playbook, waiting, unread, needs)
    for key in waiting:
        diagnostic = playbook.diagnostics[key]
        lacking = needs[key] & (unread | stuck.keys())
        if key in stuck or not needs[key] - lacking <= values.keys():
            continue
        try:
            ready[key] = (diagnostic.probe, resolve_arguments(_without(diagnostic.with_, lacking), values))
        except TextError as error:
            stuck[key] = f"its arguments are not known: {error}"
    return ready, stuck


def _stuck_behind(
    playbook: Playbook, waiting: Sequence[str], unread: Set[str], needs: Mapping[str, frozenset[str]]
) -> dict[str, str]:
    """Those that cannot do without something that was not read, or is stuck itself."""
    stuck: dict[str, str] = {}
    for _ in waiting:  # a reason travels one need further each time round
        for key in waiting:
            failed = sorted(
                need for need in needs[key] - {*playbook.diagnostics[key].optional} if need in stuck or need in unread
            )
            if failed:
                stuck[key] = f"it needs {failed[0].replace('_', ' ')}, which could not be read"
    return stuck


def _without(value: Any, lacking: Set[str]) -> Any:
    """Arguments without those that name a diagnostic which is lacking, inside lists and mappings too."""
    if isinstance(value, Mapping):
        return {key: _without(item, lacking) for key, item in value.items() if not _lacks(item, lacking)}
    if isinstance(value, list | tuple):
        return [_without(item, lacking) for item in value if not _lacks(item, lacking)]
    return value


def _lacks(value: Any, lacking: Set[str]) -> bool:
    return isinstance(value, str) and not _names(value).isdisjoint(lacking)
