"""Backtests made of a few alerts."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

from bot.alerts.alert import Alert
from bot.flow.backtest import Answered, Backtest

MONDAY = date(2026, 11, 2)


def alert(text: str = "disk is full", at: date = MONDAY) -> Alert:
    """An alert of that day."""
    return Alert(text, "ops", f"{datetime(at.year, at.month, at.day, 12, tzinfo=UTC).timestamp():.6f}")


def answered(playbook: str = "disk_full", *alerts: Alert, entities: dict[str, int] | None = None) -> Answered:
    """What one playbook would have answered."""
    return Answered(playbook, "P1", list(alerts) or [alert()], 1, Counter(entities or {}))


def result(**changes: Any) -> Backtest:
    """A backtest of nothing but these."""
    empty: dict[str, Any] = {"total": 0, "answered": [], "unused": [], "silent": [], "from_people": 0, "days": {}}
    return Backtest(**{**empty, **changes})
