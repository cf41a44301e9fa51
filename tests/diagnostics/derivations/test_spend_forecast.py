"""Whether a quota lasts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.diagnostics.derivations.spend_forecast import Forecast, ForecastArguments, forecast_spend
from bot.integrations.snowflake.probes.credits import Credits, DayCredits
from bot.integrations.snowflake.probes.monitors import ResourceMonitors

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MONITOR = ResourceMonitors(
    name="LOADING_MONITOR",
    quota=50.0,
    used=40.0,
    period_from=datetime(2026, 11, 1, tzinfo=UTC),
    resets_at=datetime(2026, 12, 1, tzinfo=UTC),
)


def forecast(monitor: ResourceMonitors | None = MONITOR, pace: float = 2.0, days: int = 21) -> Forecast:
    """With that many days of the same use; today half of it."""
    dates = [NOW.date() - timedelta(days=days - 1 - n) for n in range(days)]
    used = tuple(DayCredits(day, pace if day != NOW.date() else pace / 2) for day in dates)
    return forecast_spend(ForecastArguments(monitor, Credits(used, pace / 2, pace, pace, pace * days)), NOW)


def test_a_quota_that_ends_before_its_reset() -> None:
    """When, at which pace, and which pace would last."""
    seen = forecast()
    assert (seen.kind, seen.pace, seen.projected) == ("too_fast", 2.0, 59.0)
    assert seen.exhausted_at == datetime(2026, 11, 26, 12, tzinfo=UTC)
    assert seen.even_pace == 1.05
    assert seen.ahead_percent == 11.7


def test_a_quota_that_lasts() -> None:
    """The date at which it would end lies after the reset."""
    seen = forecast(pace=0.5)
    assert seen.kind == "enough"
    assert seen.exhausted_at is not None
    assert seen.exhausted_at > datetime(2026, 12, 1, tzinfo=UTC)


def test_nothing_used_never_ends() -> None:
    """No date is made up."""
    seen = forecast(pace=0.0)
    assert (seen.kind, seen.exhausted_at) == ("enough", None)


@pytest.mark.parametrize("pace", [1e-9, 1e-300, 50 / 3651])
def test_a_quota_that_lasts_for_decades_has_no_end(pace: float) -> None:
    """Cloud services are billed in millionths of credits: no date of the year 300,000 is worked out."""
    seen = forecast(replace(MONITOR, used=0.0), pace)
    assert (seen.kind, seen.exhausted_at) == ("enough", None)


@pytest.mark.parametrize(("left_days", "kind"), [(9.4, "too_fast"), (9.5, "enough"), (9.6, "enough")])
def test_a_quota_that_ends_with_its_reset_lasts(left_days: float, kind: str) -> None:
    """Nine and a half days are left: what is used up at that very moment is given anew."""
    assert forecast(replace(MONITOR, used=50.0 - left_days), pace=1.0).kind == kind


def test_the_first_day_is_measured_by_itself() -> None:
    """There is no complete day yet."""
    assert forecast(days=1).pace == 1.0


def test_a_used_up_quota_is_used_up_now() -> None:
    """The pace does not matter any more."""
    seen = forecast(replace(MONITOR, used=50.4))
    assert (seen.kind, seen.exhausted_at, seen.even_pace) == ("used_up", NOW, 0.0)


def test_the_months_sums_end_at_what_the_monitor_says() -> None:
    """Days before the period do not count; what the read days do not explain lies before them."""
    month = forecast(days=25).month
    assert (month[0].date, month[-1].date) == (date(2026, 11, 1), date(2026, 11, 21))
    assert (month[-1].used, month[-1].quota, month[-1].even) == (41.0, 50.0, 35.0)
    short = forecast(days=3).month
    assert [one.used for one in short] == [37.0, 39.0, 40.0]


def test_a_monitor_that_never_resets_has_no_even_pace() -> None:
    """It ends sooner or later, which is worth knowing."""
    seen = forecast(replace(MONITOR, resets_at=None))
    assert (seen.kind, seen.even_pace, seen.projected, seen.ahead_percent) == ("too_fast", None, None, None)
    assert seen.month[-1].even is None


def test_without_a_monitor_nothing_is_known() -> None:
    """Nor without credits by day."""
    assert forecast(None) == Forecast()
    assert forecast(ResourceMonitors()) == Forecast()
    assert forecast_spend(ForecastArguments(MONITOR, None), NOW) == Forecast()
