"""What the playbooks would have answered: stages 2 and 3 over messages of the past; nothing is posted or read live."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bot.alerts.alert import Alert
from bot.alerts.likeness import Alike, group_alike
from bot.flow.library import Library
from bot.playbooks.match import Match


@dataclass(slots=True)
class Answered:
    """What one playbook would have answered: its alerts, and how many threads (incidents) they would have been."""

    playbook: str
    severity: str
    alerts: list[Alert] = field(default_factory=list)
    incidents: int = 0
    entities: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Backtest:
    """`answered` by playbook, the busiest first; `unused` playbooks answered nothing.

    `silent` groups what apps posted and nobody answers, the largest group first; `from_people` counts what people
    wrote and nobody answers, which is mostly talk. `days` counts answered and silent alerts of each day (UTC).
    """

    total: int
    answered: Sequence[Answered]
    unused: Sequence[str]
    silent: Sequence[Alike]
    from_people: int
    days: Mapping[date, tuple[int, int]]

    @property
    def answered_count(self) -> int:
        """Alerts that a playbook would have answered."""
        return sum(len(each.alerts) for each in self.answered)

    @property
    def silent_count(self) -> int:
        """Messages of apps that nobody would have answered."""
        return sum(len(each.alerts) for each in self.silent)

    @property
    def answered_percent(self) -> int | None:
        """Of all alerts, whole; 100 only when every one was answered, 0 only when none was. None without alerts."""
        alerts = self.answered_count + self.silent_count
        if not alerts:
            return None
        if self.answered_count in {0, alerts}:
            return 100 if self.answered_count else 0
        return min(max(round(100 * self.answered_count / alerts), 1), 99)


def backtest(alerts: Iterable[Alert], library: Library, tell: Callable[[int], None] = lambda _: None) -> Backtest:
    """Match every alert, oldest first. `tell` hears how many were seen.

    Alerts with the same key join one incident until none came for as long as the playbook lets an incident stay open.
    """
    answered: dict[str, Answered] = {}
    last_seen: dict[str, float] = {}
    silent: list[Alert] = []
    days: defaultdict[date, list[int]] = defaultdict(lambda: [0, 0])
    total = from_people = 0
    for total, alert in enumerate(alerts, 1):
        tell(total)
        match = library.match(alert)
        if match is None and not is_from_app(alert):
            from_people += 1
            continue
        days[day_of(alert)][0 if match else 1] += 1
        if match is None:
            silent.append(alert)
        else:
            _count(alert, match, library, answered, last_seen)
    return Backtest(
        total=total,
        answered=sorted(answered.values(), key=lambda each: (-len(each.alerts), each.playbook)),
        unused=[playbook.id for playbook in library.playbooks if playbook.id not in answered],
        silent=group_alike(silent),
        from_people=from_people,
        days={day: (counts[0], counts[1]) for day, counts in sorted(days.items())},
    )


def _count(
    alert: Alert, match: Match, library: Library, answered: dict[str, Answered], last_seen: dict[str, float]
) -> None:
    playbook = match.playbook
    entry = answered.setdefault(playbook.id, Answered(playbook.id, playbook.severity.value))
    entry.alerts.append(alert)
    key, now = library.key(match, alert.channel), seconds_of(alert)
    if key not in last_seen or now - last_seen[key] > playbook.escalate.resolve / timedelta(seconds=1):
        entry.incidents += 1
    last_seen[key] = now
    values = ", ".join(match.entities[name] for name in playbook.group_by if match.entities.get(name))
    if values:
        entry.entities[values] += 1


def is_from_app(alert: Alert) -> bool:
    """True for what a tool posted; Slack's ids of bots begin with B, those of people with U or W."""
    return not alert.author or alert.author.startswith("B")


def seconds_of(alert: Alert) -> float:
    """When it was posted, in seconds since 1970; 0 where its ts is no time that a calendar has."""
    try:
        seconds = float(alert.ts)
        datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return 0.0
    return seconds


def day_of(alert: Alert) -> date:
    """The day (UTC) it was posted."""
    return datetime.fromtimestamp(seconds_of(alert), UTC).date()
