"""Spike, growth or neither, and whose it is."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.diagnostics.derivations.spend_verdict import SpendArguments, SpendVerdict, judge_spend
from bot.integrations.snowflake.probes.credits import Credits, DayCredits
from bot.integrations.snowflake.probes.history import TopQueries, TopQuery
from bot.integrations.snowflake.probes.spenders import Spender, Spenders

NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)


def used(*credits: float) -> Credits:
    """These credits on the last days, today last."""
    days = [NOW.date() - timedelta(days=len(credits) - 1 - n) for n in range(len(credits))]
    return Credits(tuple(map(DayCredits, days, credits)), credits[-1], 0, 0, 0)


def query(share: float, started_at: datetime = NOW, credits: float = 3.0) -> TopQueries:
    """One query of ANALYST_KIM with that share of the time, an hour long."""
    one = TopQuery("q1", "ANALYST_KIM", "LOADING_WH", started_at, 3600.0, share, "SELECT 1", credits)
    return TopQueries((one,), one)


def judge(credits: Credits | None, top: TopQueries | None = None, spenders: Spenders | None = None) -> SpendVerdict:
    """The verdict on these."""
    return judge_spend(SpendArguments(credits, top, spenders), NOW)


def test_a_day_of_twice_the_usual_is_a_spike_and_its_query_is_named() -> None:
    """With the numbers that say so."""
    verdict = judge(used(2.0, 2.2, 1.8, 9.6), query(71.4))
    assert (verdict.kind, verdict.day, verdict.used, verdict.usual) == ("spike", date(2026, 11, 23), 9.6, 2.0)
    assert (verdict.times, verdict.user, verdict.query_id, verdict.share_percent) == (4.8, "ANALYST_KIM", "q1", 71.4)


def test_yesterdays_spike_counts_while_today_has_hardly_begun() -> None:
    """An incident at one in the morning looks at the day before; a query over midnight is that day's too."""
    verdict = judge(used(2.0, 2.0, 9.0, 0.1), query(60, datetime(2026, 11, 21, 23, 30, tzinfo=UTC)))
    assert (verdict.day, verdict.user) == (date(2026, 11, 22), "ANALYST_KIM")


def test_a_query_of_another_day_is_not_blamed() -> None:
    """However much time it took then."""
    verdict = judge(used(2.0, 2.0, 2.0, 9.0), query(45, NOW - timedelta(days=3)))
    assert (verdict.kind, verdict.user, verdict.query_id) == ("spike", "", "")


def test_many_small_queries_of_one_user_are_that_users_spike() -> None:
    """No single query explains it, but one user cost far more today than on other days."""
    kim, loader = Spender("KIM", 900, 0, 6.0, 62.0, latest=5.5, before=0.1), Spender("SVC", 9, 0, 3.6, 38.0, 0.6, 0.5)
    verdict = judge(used(2.0, 2.0, 9.0), query(9), Spenders((kim, loader), kim))
    assert (verdict.user, verdict.query_id, verdict.share_percent) == ("KIM", "", 62.0)
    steady = judge(used(2.0, 2.0, 9.0), query(9), Spenders((loader,), loader))
    assert steady.user == ""


def test_one_query_with_half_of_all_time_is_a_spike_whatever_the_days_say() -> None:
    """Its day is the one on which it began."""
    verdict = judge(used(4.0, 4.0, 4.0, 4.0), query(55, NOW - timedelta(days=2)))
    assert (verdict.kind, verdict.day, verdict.user) == ("spike", date(2026, 11, 21), "ANALYST_KIM")
    assert judge(used(4.0, 4.0, 4.0, 4.0), query(55, credits=0.02)).kind == "steady"


@pytest.mark.parametrize(
    ("credits", "kind"),
    [
        ((2.0, 2.2, 2.9, 3.4, 3.9, 4.4, 0.1), "growth"),
        ((2.0, 2.1, 1.9, 2.0, 2.1, 2.0, 1.0), "steady"),
        ((0.0, 0.0, 0.4), "steady"),
        ((0.1, 0.1, 0.2, 0.2, 0.9), "steady"),
        ((2.0,), "unknown"),
    ],
)
def test_without_a_jump_it_grows_or_stays(credits: tuple[float, ...], kind: str) -> None:
    """Today does not count for growth, and little use is nothing at all."""
    assert judge(used(*credits)).kind == kind


def test_nothing_read_is_unknown() -> None:
    """A verdict is never made up."""
    assert judge(None) == SpendVerdict()
    first = judge(used(0.0, 0.0, 5.0))
    assert (first.kind, first.times) == ("spike", None)
