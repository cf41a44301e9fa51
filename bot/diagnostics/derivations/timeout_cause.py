"""derived.timeout_cause: why a query ran into its limit: it waited, it was blocked, it grew, or the limit is short."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.diagnostics.derivation import Derivation

MOST = 0.5
"""The share of its time that a query must have waited for that to be the cause."""
MUCH_LONGER = 2.0
SHORTEST_S = 0.1
"""What a usual time counts as at least: history tells tenths of a second."""
NEAR = 0.7
"""The share of the limit that the usual run takes for the limit to be short."""


@dataclass(frozen=True, slots=True)
class TimeoutArguments:
    """The facts of snowflake.query_profile, and of snowflake.warehouse of its warehouse where that could be read."""

    profile: Any = None
    warehouse: Any = None


@dataclass(frozen=True, slots=True)
class TimeoutCause:
    """`kind`: queued, blocked, grew (it reads far more than usual), slow (as much as usual, but far longer), short
    (usually just below the limit), new (never succeeded before), or unknown. `advice` is what to do about it.

    `times` is its time against the usual one, `bytes_times` what it scanned against the usual; None where not known.
    """

    kind: str = "unknown"
    sentence: str = "Snowflake shows no query that a timeout cut in the last seven days."
    advice: str = ""
    times: float | None = None
    bytes_times: float | None = None


def find_timeout_cause(arguments: TimeoutArguments, now: datetime) -> TimeoutCause:
    """What explains most of the time comes first."""
    profile = arguments.profile
    if profile is None or not profile.exists:
        return TimeoutCause()
    times = None if profile.usual_s is None else round(profile.elapsed_s / max(profile.usual_s, SHORTEST_S), 1)
    grown = round(profile.bytes_scanned / profile.usual_bytes, 1) if profile.usual_bytes else None
    kind, sentence, advice = _judge(profile, arguments.warehouse, times, grown)
    return TimeoutCause(kind, sentence, advice, times, grown)


def _judge(profile: Any, warehouse: Any, times: float | None, grown: float | None) -> tuple[str, str, str]:
    if profile.queued_s >= MOST * profile.elapsed_s > 0:
        waits = f", and {warehouse.queued} wait now" if warehouse is not None and warehouse.queued else ""
        return (
            "queued",
            f"It mostly waited in the queue of {profile.warehouse}{waits}.",
            "More clusters, or another hour.",
        )
    if profile.blocked_s >= MOST * profile.elapsed_s > 0:
        return "blocked", "It mostly waited for another statement's locks.", "See what else writes the table then."
    if times is None:
        return (
            "new",
            "No run of this statement has succeeded in seven days.",
            "Try it with less data, or a higher limit.",
        )
    if times >= MUCH_LONGER:
        return _longer(profile, grown)
    if profile.timeout_s and profile.usual_s >= NEAR * profile.timeout_s:
        return (
            "short",
            "It usually takes almost as long as its limit.",
            "Raise the limit, or make the warehouse larger.",
        )
    return "unknown", "It took about as long as usual.", ""


def _longer(profile: Any, grown: float | None) -> tuple[str, str, str]:
    if grown is not None and grown >= MUCH_LONGER:
        return "grew", "It reads far more than it usually does.", "See what was added to its tables, or its filter."
    spilled = " It spilled to disk: the warehouse is too small." if profile.spilled_bytes else ""
    return "slow", f"It takes far longer than usual for as much data.{spilled}", "See what else ran on the warehouse."


TIMEOUT_CAUSE: Derivation[TimeoutArguments, TimeoutCause] = Derivation(
    name="derived.timeout_cause",
    summary="Why a query ran into its limit: it waited, was blocked, reads more than usual, or the limit is short.",
    arguments=TimeoutArguments,
    facts=TimeoutCause,
    derive=find_timeout_cause,
    typical=TimeoutCause(
        "grew",
        "It reads far more than it usually does.",
        "See what was added to its tables, or its filter.",
        times=8.8,
        bytes_times=8.6,
    ),
    empty=TimeoutCause(),
)
