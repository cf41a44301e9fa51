"""How well the shipped playbooks recognise a labelled corpus: `python -m benchmarks.recognition [FILE.jsonl …]`.

A record is right when the playbook that answers is its `label` or in its `secondary`; for `other_incident` and `none`,
when nobody answers. Precision is right answers by answers given, recall right answers by records that hold a
playbook's incident. Entities: the share of the annotated values that were found; the annotation is not exhaustive, so
further ones cost nothing. Values are compared without case where the bot normalises it (Snowflake's names in upper
case, hosts in lower), and a host without its port. Exit 1 below the bar.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import table
from bot.alerts.alert import Alert
from bot.alerts.extraction import read_alert
from bot.app.books import load_library
from bot.flow.library import Library

FOLDER = Path(__file__).parents[1] / "tests" / "corpus"
CORPORA = (FOLDER / "dev.jsonl", FOLDER / "variants.jsonl")
BAR = {"precision": 0.98, "recall": 0.96, "entity recall": 0.93}
NOBODY = frozenset({"none", "other_incident"})


@dataclass(frozen=True, slots=True)
class Answer:
    """A record and what the bot made of it; `playbook` is "" when nobody answers."""

    record: Mapping[str, Any]
    playbook: str
    entities: Mapping[str, str]

    @property
    def is_right(self) -> bool:
        """Whether the right playbook answered, or rightly none."""
        return self.playbook in self.accepted or (not self.playbook and self.record["label"] in NOBODY)

    @property
    def accepted(self) -> frozenset[str]:
        """The ids that may answer."""
        return frozenset({self.record["label"], *self.record["secondary"]}) - NOBODY

    @property
    def wrong_values(self) -> list[str]:
        """The annotated values that were not found, as one line each."""
        wanted = self.record["entities"]
        return [
            f"{name}: {value!r}, got {self.entities.get(name)!r}"
            for name, value in wanted.items()
            if not same(name, value, self.entities.get(name, ""))
        ]


def same(name: str, wanted: str, found: str) -> bool:
    """Whether two values of an entity are one, see the top of this file."""
    wanted, found = wanted.casefold(), found.casefold()
    return wanted == found or (name == "host" and wanted.partition(":")[0] == found.partition(":")[0])


def read_corpus(lines: Iterable[str], library: Library) -> Iterator[Answer]:
    """Every record with the playbooks' answer; a record with a `payload` is read as Slack sent it."""
    for line in lines:
        record = json.loads(line)
        alert = read_alert(record["payload"]) if record.get("payload") else Alert(record["text"])
        found = library.match(alert)
        yield Answer(record, found.playbook.id if found else "", found.entities if found else library.entities(alert))


def figures(answers: list[Answer]) -> dict[str, float]:
    """The three shares; 1.0 where there is nothing to count."""
    given = [each for each in answers if each.playbook]
    held = [each for each in answers if each.record["label"] not in NOBODY]
    values = sum(len(each.record["entities"]) for each in answers)
    missing = sum(len(each.wrong_values) for each in answers)
    return {
        "precision": _share(sum(each.is_right for each in given), len(given)),
        "recall": _share(sum(each.is_right and bool(each.playbook) for each in held), len(held)),
        "entity recall": _share(values - missing, values),
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def report(answers: list[Answer]) -> Iterator[str]:
    """What to read: the figures, every wrong answer and value, entity by entity, and who answered for whom."""
    for each in answers:
        if not each.is_right:
            got = each.playbook or "nobody"
            text = " ".join(str(each.record["text"]).split())[:400]
            wanted = " or ".join(sorted(each.accepted)) or "nobody"
            yield f"{each.record['id']}: {wanted} should answer, not {got}: {text}"
        yield from (f"{each.record['id']}: {line}" for line in each.wrong_values)
    yield ""
    yield _entities(answers)
    yield ""
    yield _confusion(answers)
    yield ""
    yield from (f"{name} {value:.4f} (bar {BAR[name]:.2f})" for name, value in figures(answers).items())


def _entities(answers: list[Answer]) -> str:
    wanted = Counter(name for each in answers for name in each.record["entities"])
    missed = Counter(line.partition(":")[0] for each in answers for line in each.wrong_values)
    return table(["entity", "annotated", "found"], [[n, str(c), str(c - missed[n])] for n, c in wanted.most_common()])


def _confusion(answers: list[Answer]) -> str:
    pairs = Counter((each.record["label"], each.playbook or "nobody") for each in answers)
    rows = [[label, answered, str(count)] for (label, answered), count in sorted(pairs.items())]
    return table(["label", "answered by", "records"], rows)


def main(arguments: list[str]) -> int:
    """Print a report for each corpus; 0 when all are at or above the bar, 1 otherwise."""
    library = load_library(None)
    below = False
    for corpus in map(Path, arguments or CORPORA):
        answers = list(read_corpus(corpus.read_text(encoding="utf-8").splitlines(), library))
        print(f"\n{corpus.name}: {len(answers)} records", *report(answers), sep="\n")
        below = below or any(value < BAR[name] for name, value in figures(answers).items())
    return int(below)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
