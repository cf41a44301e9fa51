"""The playbooks and the platform as they are loaded now, behind the few questions that the flow asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.alerts.alert import Alert
from bot.errors import RunbookError
from bot.playbooks.collection import Playbooks
from bot.playbooks.match import Match, Matcher
from bot.playbooks.model import Playbook
from bot.playbooks.needs import ready_diagnostics
from bot.playbooks.platform import Platform
from bot.playbooks.render import render, render_title
from bot.playbooks.reply import Reading, Reply
from bot.playbooks.templates import expectation


@dataclass(frozen=True, slots=True)
class Library:
    """One checked set of playbooks; swapped whole when they are loaded anew."""

    playbooks: Playbooks
    matcher: Matcher

    def __contains__(self, playbook: str) -> bool:
        return playbook in self.playbooks.by_id

    @property
    def platform(self) -> Platform:
        """The platform's own names."""
        return self.playbooks.platform

    def match(self, alert: Alert) -> Match | None:
        """The playbook for this alert, None when no playbook may answer."""
        return self.matcher.match(alert)

    def entities(self, alert: Alert) -> Mapping[str, str]:
        """What every alert may tell, also one that no playbook answers: task, table, error code …"""
        return self.matcher.entities(alert)

    def find(self, name: str) -> Playbook:
        """The playbook with this id or alias; UnknownName with what it may have meant."""
        return self.playbooks.find(name)

    def key(self, match: Match, channel: str) -> str:
        """What groups alerts: the channel (who reads one may not read the other), the playbook, its `group_by`
        values."""
        values = [match.entities.get(name, "") for name in match.playbook.group_by]
        return "|".join((channel, match.playbook.id, *values))

    def title(self, playbook: Playbook, entities: Mapping[str, str]) -> str:
        """The title with these entities, as the whole reply will have it."""
        return render_title(playbook, entities, self.platform)

    def ready(
        self, playbook: str, entities: Mapping[str, str], readings: Mapping[str, Reading]
    ) -> Mapping[str, tuple[str, Mapping[str, Any]]]:
        """Diagnostics that can be read now (every finding that they need is there): key → probe and arguments."""
        return ready_diagnostics(self.playbooks.by_id[playbook], entities, readings, self.platform)

    def diagnostic(
        self, playbook: str, key: str, entities: Mapping[str, str], readings: Mapping[str, Reading]
    ) -> tuple[str, Mapping[str, Any]]:
        """Probe and arguments of one diagnostic, to read it again. RunbookError when what it needs could not be
        read."""
        others = {name: reading for name, reading in readings.items() if name != key}
        ready = self.ready(playbook, entities, others)
        if key not in ready:
            raise RunbookError(f"`{key}` of {playbook} cannot be read again: a finding that it needs is missing")
        return ready[key]

    def render(
        self, playbook: str, entities: Mapping[str, str], readings: Mapping[str, Reading], now: datetime
    ) -> Reply:
        """The runbook with these findings."""
        return render(self.playbooks.by_id[playbook], entities, readings, self.platform, now)

    def holds(self, expect: str, facts: Any) -> bool:
        """Whether a verification's expectation holds on these facts."""
        return expectation(expect, facts)

    def lines(self, now: datetime) -> Sequence[str]:
        """A line a playbook: id, aliases, and the first sentence of what it is about, with the platform's own names."""
        return [_line(playbook, self.render(playbook.id, {}, {}, now).summary) for playbook in self.playbooks]


def _line(playbook: Playbook, summary: str) -> str:
    aliases = f" ({', '.join(playbook.aliases)})" if playbook.aliases else ""
    return f"`{playbook.id}`{aliases}: {summary.partition('. ')[0].rstrip('.')}."
