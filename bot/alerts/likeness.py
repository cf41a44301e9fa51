"""Beside stage 2: alerts that say the same of other things are alike: numbers, ids and names masked, words compared."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.alerts.alert import Alert

ALIKE = 0.55
"""Share of words (of both together) that two texts have in common when they count as alike."""
MOST_WORDS = 60
MOST_GROUPS = 2_000

_MASKS = (
    (re.compile(r"https?://\S+"), " "),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4,12}){2,5}\b|\b(?=[a-f]*\d)[0-9a-f]{8,}\b"), " "),
    (re.compile(r"\b\w+__\d{4}-\d\d-\d\dt\S+"), " "),
    (re.compile(r"\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d)?\S*)?|\b\d\d?:\d\d(?::\d\d)?(?:\.\d+)?\b"), " "),
    (re.compile(r"[`'\"“”][^`'\"“”\n]{1,80}[`'\"“”]"), " "),
    (re.compile(r"(?<!\S)\S*\d\S*"), " "),  # from a word's beginning only: else a long one costs its square
)
_WORD = re.compile(r"[^\W\d_][\w.]*[^\W_]|[^\W\d_]")


@dataclass(slots=True)
class Alike:
    """Alerts that are alike, in the order they came; `words` are those of the first, which the others are held to."""

    words: frozenset[str]
    alerts: list[Alert] = field(default_factory=list)


def words_of(text: str) -> frozenset[str]:
    """The words of a text that say what happened: without numbers, ids, times, links and quoted names."""
    plain = text.lower()
    for mask, instead in _MASKS:
        plain = mask.sub(instead, plain)
    found: dict[str, None] = {}
    for word in _WORD.finditer(plain):
        found.setdefault(word.group())
        if len(found) == MOST_WORDS:
            break
    return frozenset(found)


def group_alike(alerts: Iterable[Alert]) -> Sequence[Alike]:
    """Groups of alike alerts, the largest first, then in the order they came.

    Each alert joins the group whose first alert it is most alike, or opens its own; past MOST_GROUPS what is alike to
    nothing goes into a last group without words.
    """
    groups: list[Alike] = []
    by_word: defaultdict[str, list[int]] = defaultdict(list)
    known: dict[frozenset[str], int] = {}
    for alert in alerts:
        words = words_of(alert.text)
        if words not in known:
            known[words] = _nearest(words, groups, by_word)
            if known[words] == len(groups):
                _open(words, groups, by_word)
        groups[known[words]].alerts.append(alert)
    return sorted(groups, key=lambda group: -len(group.alerts))


def _open(words: frozenset[str], groups: list[Alike], by_word: defaultdict[str, list[int]]) -> None:
    is_last = len(groups) == MOST_GROUPS
    groups.append(Alike(frozenset() if is_last else words))
    if not is_last:
        for word in words:
            by_word[word].append(len(groups) - 1)


def _nearest(words: frozenset[str], groups: Sequence[Alike], by_word: defaultdict[str, list[int]]) -> int:
    """The number of the group to join; that of the next one when it is alike to none."""
    shared: defaultdict[int, int] = defaultdict(int)
    for word in words:
        for number in by_word[word]:
            shared[number] += 1
    best, likeness = min(len(groups), MOST_GROUPS), ALIKE
    for number, common in shared.items():
        share = common / (len(words) + len(groups[number].words) - common)
        if share > likeness or (share == likeness and number < best):
            best, likeness = number, share
    return best
