"""Stage 3: the entities that an alert gives, out of every place where tools write them."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import chain

from bot.alerts.alert import Alert
from bot.errors import EntityError
from bot.playbooks.entities import EntityType, normalise_entity
from bot.playbooks.links import find_log_link, find_urls, read_airflow_links
from bot.playbooks.model import Playbook
from bot.playbooks.names import complete_names, complete_test_name
from bot.playbooks.patterns import PatternSet, Scan
from bot.playbooks.shared import Shared
from bot.playbooks.signatures import TEXT_LIMIT, Hit, compile_pattern, encode
from bot.playbooks.sole_names import find_sole_name

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TRIES = 4  # places of one pattern that are looked at while what stands there is no name


def read_entities(
    playbook: Playbook | None, alert: Alert, hits: Iterable[Hit], scan: Scan, patterns: PatternSet, shared: Shared
) -> dict[str, str]:
    """The entities that the alert gives, valid ones only: the playbook's own, and every one that shared.yml knows.

    Places in order of trust: the named groups of the playbook's own patterns, the metadata of the message, its Airflow
    links, its labelled fields, what shared.yml finds in the text, and what those names imply. What a
    playbook declares has its type; without a playbook, only what shared.yml knows is read.
    """
    types = {name: rule.type for name, rule in shared.entities.items()}
    if playbook is not None:
        types |= {name: rule.type for name, rule in playbook.entities.items()}
    groups = [(name, value) for hit in hits for name, value in hit.groups.items()]
    metadata = [(name, str(value)) for name, value in alert.metadata.items() if isinstance(value, str | int)]
    urls = [link.url for link in alert.links] or find_urls(alert.text[:TEXT_LIMIT])
    found = [*read_airflow_links(urls).items(), ("log_url", find_log_link(alert.links))]
    times = [each for each in found if each[0] == "logical_date" or _DAY.fullmatch(each[1])]  # a label tells it better
    links = [each for each in found if each not in times]
    entities: dict[str, str] = {}
    common = _read_common(alert, scan, patterns, shared, entities)
    _keep(chain(groups, metadata, links, common, times), entities, types, shared)
    if "test_name" in entities:
        entities["test_name"] = complete_test_name(entities["test_name"], alert.text[:TEXT_LIMIT])
    implied = complete_names(entities, alert.text[:TEXT_LIMIT])
    entities |= {name: value for name, value in implied.items() if name in types}
    if playbook is not None:
        _keep(_read_sole(playbook, scan.text, entities, shared), entities, types, shared)
    return entities


def _keep(
    found: Iterable[tuple[str, str]], entities: dict[str, str], types: Mapping[str, EntityType], shared: Shared
) -> None:
    """The first valid value of each name goes into `entities`."""
    for name, value in found:
        if name not in types or name in entities or _is_no_name(name, value, shared):
            continue
        try:
            entities[name] = normalise_entity(types[name], value)
        except EntityError:
            continue  # hostile or mangled: the next place may give a valid one, and nothing is better than a wrong name


def _read_sole(playbook: Playbook, text: bytes, entities: Mapping[str, str], shared: Shared) -> list[tuple[str, str]]:
    """What the playbook takes for its own when the alert gives no other such name."""
    wanted = [name for name, rule in playbook.entities.items() if rule.sole and name in shared.entities]
    return [(name, find_sole_name(name, shared.entities[name], text, entities)) for name in wanted]


def _read_common(
    alert: Alert, scan: Scan, patterns: PatternSet, shared: Shared, known: Container[str]
) -> Iterator[tuple[str, str]]:
    """What shared.yml finds in any alert: labelled fields first, then its patterns on the text.

    `known` grows while this is read: nothing is looked for that is known already.
    """
    for name, common in shared.entities.items():
        yield from ((name, alert.fields[label]) for label in common.fields if label in alert.fields)
        for source in common.text:
            if name in known:
                break
            place = patterns.places[source]
            if place not in scan.candidates:
                continue
            for value in _values(name, place, scan, patterns):
                if name in known:
                    break
                yield name, value


def _is_no_name(name: str, value: str, shared: Shared) -> bool:
    common = shared.entities.get(name)
    if common is None:
        return False
    return value.lower() in common.never or any(
        compile_pattern(source).search(encode(value)) for source in common.never_like
    )


def _values(name: str, place: int, scan: Scan, patterns: PatternSet) -> Iterator[str]:
    """What a pattern finds for this entity, place by place: behind `DAG run failed` may stand the name of the DAG."""
    hit = scan.hit(place)
    text = scan.text
    for _ in range(_TRIES):
        if hit is None:
            return
        if name in hit.groups:
            yield hit.groups[name]
        text = text[text.find(hit.text.encode(), hit.start) + len(hit.text.encode()) :]
        hit = patterns.compiled[place].search(text)
