"""A case writes only what matters to it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.errors import PlaybookError
from bot.playbooks.catalogue import Catalogue
from bot.playbooks.overlay import lay_over


@pytest.fixture
def running(catalogue: Catalogue) -> Any:
    """Typical facts with a row and a nested part."""
    return catalogue.probes["snowflake.running_queries"].typical


def test_what_is_not_written_stays_typical(running: Any) -> None:
    """A mapping changes a part of a part, and the rest is as the probe typically gives it."""
    changed = lay_over(running, {"longest": {"running_s": 4}})
    assert (changed.longest.running_s, changed.longest.user) == (4.0, "ANALYST_KIM")
    assert changed.count == running.count
    assert type(changed) is type(running)


def test_rows_are_laid_over_the_first_typical_row(running: Any) -> None:
    """A list replaces the rows; each names only the fields that matter."""
    changed = lay_over(running, {"count": 2, "queries": [{"user": "A"}, {"user": "B"}]})
    assert [query.user for query in changed.queries] == ["A", "B"]
    assert changed.queries[0].text == running.queries[0].text
    assert lay_over(running, {"queries": []}).queries == ()


def test_nothing_and_times_can_be_written(running: Any, catalogue: Catalogue) -> None:
    """`null` takes a part away; a time is written as ISO text."""
    assert lay_over(running, {"longest": None}).longest is None
    monitor = catalogue.probes["snowflake.resource_monitors"].typical
    changed = lay_over(monitor, {"resets_at": "2026-12-01T00:00:00+00:00"})
    assert changed.resets_at == datetime(2026, 12, 1, tzinfo=UTC)


def test_a_field_that_does_not_exist_or_fit_is_named(running: Any) -> None:
    """A misspelt field in a case would silently test nothing."""
    with pytest.raises(PlaybookError, match=r"has no `cuont`; did you mean count\?"):
        lay_over(running, {"cuont": 1})
    with pytest.raises(PlaybookError, match="`count`: Input should be a valid integer"):
        lay_over(running, {"count": "many"})
    with pytest.raises(PlaybookError, match=r"Queries.longest has no `usr`; did you mean user\?"):
        lay_over(running, {"longest": {"usr": "x"}})
