"""How a model's SQL keeps one row of several, as far as its text tells."""

import pytest

from bot.integrations.dbt.deduplication import LONGEST, window_of


@pytest.mark.parametrize(
    ("code", "window", "call"),
    [
        (
            "select *, Row_Number ( ) OVER (\n partition by id\n) as n from t",
            "row_number",
            "Row_Number ( ) OVER ( partition by id )",
        ),
        (
            "select rank() over (partition by lower(email) order by coalesce(updated_at, created_at) desc)",
            "rank",
            "rank() over (partition by lower(email) order by coalesce(updated_at, created_at) desc)",
        ),
        ("select dense_rank() over ()", "dense_rank", "dense_rank() over ()"),
        ("select rank() over (a), row_number() over (b)", "rank", "rank() over (a)"),
        ("select  DISTINCT id from t", "distinct", "select distinct"),
        ("select row_number() over w from t window w as (partition by id)", "", ""),
        ("select my_rank() over (a)", "", ""),
        ("select rank(1) over (a)", "", ""),
        ("select sum(x) over (partition by id)", "", ""),
        ("select rank() over (partition by", "", ""),
        ("", "", ""),
    ],
)
def test_the_first_call_that_numbers_rows_is_told(code: str, window: str, call: str) -> None:
    """On one line, with the calls that stand in it; a window that is named elsewhere is not followed."""
    assert window_of(code) == (window, call)


def test_a_window_counts_before_distinct() -> None:
    """Which of several is kept is decided there."""
    assert window_of("select distinct id from (select rank() over (a) from t)")[0] == "rank"


def test_a_call_is_shown_short_and_a_text_that_is_hostile_takes_no_time() -> None:
    """A model is as long as its author likes; parentheses without end are read once."""
    assert len(window_of(f"select rank() over ({'x, ' * 9000})")[1]) == LONGEST
    assert window_of("rank() over (" + "(a)" * 100_000) == ("", "")
