"""derived.rate_limits: the 429s of each try of a task, the waits that were asked for, and whether a retry helps."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from bot.diagnostics.derivation import Derivation
from bot.diagnostics.task_try import LogLine, TaskTry

_HIT = re.compile(
    r"(?<![\w-])429(?![\w-])|\btoo many requests\b|\brate limit exceeded\b|\bRateLimit(?:Error|Exception)\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(r"\breq_\w{1,40}")
_RETRY_AFTER = re.compile(r"\bretry[-_ ]after\W{1,4}(\d{1,6}(?:\.\d{1,3})?)", re.IGNORECASE)
_REASON = re.compile(r"\b(?:global|endpoint)-(?:rate|concurrency)\b|\bresource-specific\b")
_FALLING = 0.5
"""Half as many 429s as before, or fewer: the pressure goes away."""


@dataclass(frozen=True, slots=True)
class RateLimitsArguments:
    """The tries, whether and when the next one comes, and the settings that the task works by (text, "" unset)."""

    tries: tuple[TaskTry, ...]
    will_retry: bool = False
    next_try_at: datetime | None = None
    batch_size: str = ""
    requests_per_second: str = ""


@dataclass(frozen=True, slots=True)
class LimitedTry:
    """429s of one try; `count` is an estimate when it logged more lines than were kept.

    `retry_after_s` is the longest wait that was asked for, `after_s` the time since the try before, `is_ended_by_it`
    says that the try failed with a 429, not with something else.
    """

    number: int
    state: str
    count: int
    retry_after_s: float | None
    after_s: float | None
    is_ended_by_it: bool


@dataclass(frozen=True, slots=True)
class RateLimits:
    """`per_try` are the counts, first try first. `apart_s` is the shortest time between two tries, `wait_s` that until
    the next one; `retry_after_s` the longest wait that any answer asked for. None where there is nothing to tell.

    `verdict` is "none" (no 429 logged), "recovered", "likely" (that the next try gets through), "unlikely" or "over"
    (no try is left), `because` says why.
    `batch_size` and `requests_per_second` are the settings as numbers; `half_batch` and `half_rate` are halves.
    """

    total: int = 0
    per_try: tuple[int, ...] = ()
    tries: tuple[LimitedTry, ...] = ()
    apart_s: float | None = None
    wait_s: float | None = None
    retry_after_s: float | None = None
    reasons: tuple[str, ...] = ()
    batch_size: float | None = None
    requests_per_second: float | None = None
    half_batch: float | None = None
    half_rate: float | None = None
    verdict: str = "none"
    because: str = "the logs hold no 429"


def find_rate_limits(arguments: RateLimitsArguments, now: datetime) -> RateLimits:
    """Counts, waits and a verdict from the lines of the tries."""
    gaps = [None, *(_between(one.ended_at, other.started_at) for one, other in pairwise(arguments.tries))]
    tries = tuple(_limited(one, gap) for one, gap in zip(arguments.tries, gaps, strict=False))
    lines = [line for one in arguments.tries for line in one.lines]
    batch, rate = _number(arguments.batch_size), _number(arguments.requests_per_second)
    ended_at = arguments.tries[-1].ended_at if arguments.tries else None
    wait_s = _between(ended_at, arguments.next_try_at)
    waits = [one.retry_after_s for one in tries if one.retry_after_s is not None]
    verdict, because = _verdict(tries, wait_s, max(waits, default=0.0), will_retry=arguments.will_retry)
    return RateLimits(
        total=sum(one.count for one in tries),
        per_try=tuple(one.count for one in tries),
        tries=tries,
        apart_s=min((gap for gap in gaps if gap is not None), default=None),
        wait_s=wait_s,
        retry_after_s=max(waits, default=None),
        reasons=tuple(dict.fromkeys(reason for line in lines for reason in _REASON.findall(line.text))),
        batch_size=batch,
        requests_per_second=rate,
        half_batch=float(max(1, int(batch // 2))) if batch else None,
        half_rate=_halve(rate),
        verdict=verdict,
        because=because,
    )


def count_hits(lines: Sequence[LogLine]) -> int:
    """How many answers of 429 these lines speak of: by request where they name it, else by line."""
    hits = [line.text for line in lines if _HIT.search(line.text)]
    requests = {found.group() for text in hits if (found := _REQUEST.search(text))}
    return len(requests) or len(hits)


def _limited(one: TaskTry, gap: float | None) -> LimitedTry:
    waits = [float(found.group(1)) for line in one.lines if (found := _RETRY_AFTER.search(line.text))]
    by_it = bool(_HIT.search(f"{one.exception_type} {one.exception_message}"))
    return LimitedTry(
        number=one.number,
        state=one.state,
        count=_estimate(one) or int(by_it),
        retry_after_s=max(waits, default=None),
        after_s=gap,
        is_ended_by_it=by_it,
    )


def _estimate(one: TaskTry) -> int:
    """The 429s among the lines that were kept, and as many of those that were not."""
    hits = count_hits(one.lines)
    return round(hits * one.matched / len(one.lines)) if one.matched > len(one.lines) > 0 else hits


def _verdict(tries: Sequence[LimitedTry], wait_s: float | None, asked_s: float, *, will_retry: bool) -> tuple[str, str]:
    counts = [one.count for one in tries]
    if not any(counts):
        return "none", "the logs hold no 429"
    last = tries[-1]
    if last.state == "success":
        return "recovered", f"try {last.number} got through"
    if not will_retry and last.state not in ("running", "queued"):
        return "over", f"no try is left after 429s in {sum(map(bool, counts))} of {len(counts)}"
    if wait_s is not None and wait_s < asked_s:
        return "unlikely", f"the next try comes after {wait_s:g} s, and it was asked to wait {asked_s:g} s"
    return _by_counts(counts, ", and the next one waits long enough" if wait_s is not None else "")


def _by_counts(counts: Sequence[int], waits: str) -> tuple[str, str]:
    counts = counts[next(at for at, count in enumerate(counts) if count) :]  # tries before the first 429 say nothing
    shown = ", ".join(map(str, counts))
    if len(counts) == 1:
        return "likely", f"only one try met the limit{waits}"
    if counts[-1] > counts[0] * _FALLING:
        return "unlikely", f"each try meets the limit again ({shown} times 429), so the rate is too high"
    return "likely", f"the 429s become fewer ({shown})"


def _halve(rate: float | None) -> float | None:
    return None if not rate else float(max(1, round(rate / 2)))


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _between(start: datetime | None, end: datetime | None) -> float | None:
    return round(max(0.0, (end - start).total_seconds()), 1) if start and end else None


_FIRST = datetime(2026, 11, 2, 6, 0, 9, tzinfo=UTC)
RATE_LIMITS: Derivation[RateLimitsArguments, RateLimits] = Derivation(
    name="derived.rate_limits",
    summary="429s per try, the waits that were asked for, the time between tries, and whether trying again helps.",
    arguments=RateLimitsArguments,
    facts=RateLimits,
    derive=find_rate_limits,
    typical=find_rate_limits(
        RateLimitsArguments(
            tries=(
                TaskTry(
                    number=1,
                    state="failed",
                    started_at=_FIRST,
                    ended_at=_FIRST + timedelta(seconds=5),
                    duration_s=5.0,
                    exception_type="RateLimitError",
                    lines=(LogLine(_FIRST, "Stripe answered 429 (global-rate), Retry-After 1 s, request req_7"),),
                ),
            ),
            will_retry=True,
            next_try_at=_FIRST + timedelta(minutes=5),
            batch_size="100",
            requests_per_second="20",
        ),
        _FIRST,
    ),
    empty=RateLimits(),
)
