"""Where the rows that break a test come from, as far as counts and constraints tell."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.diagnostics.derivations.dbt_failure import DbtFailure
from bot.diagnostics.derivations.dbt_test_cause import DbtTestCause, DbtTestCauseArguments, find_cause
from bot.diagnostics.failing_rows import FailingRows, FailingValue

FAILURE = DbtFailure(
    "t", test_kind="unique", model="stg", column="id", relation="AN.ST.stg", raw="RAW.PG.X", source="public.x"
)
RAW, MODEL = FailingRows("RAW.PG.X", rows=100), FailingRows("AN.ST.STG", rows=90)
TWO = (FailingValue("7", 2), FailingValue("8", 2))


@dataclass
class Check:
    """Facts of one of the counting probes."""

    tables: tuple[FailingRows, ...] = ()


@dataclass
class Origin:
    """Facts of postgres.duplicates."""

    table: str = "public.x"
    column: str = "id"
    forbidden_by: str = ""
    is_not_null: bool = False
    rules: tuple[str, ...] = ()
    repeated: FailingRows | None = None


@dataclass
class Node:
    """Facts of dbt.node."""

    name: str = "t"
    window: str = "rank"
    window_call: str = "rank() over (partition by id order by at)"


def broken(rows: FailingRows, values: int = 2) -> FailingRows:
    """The same table with that many values standing twice."""
    return replace(rows, values=values, failing=2 * values, examples=TWO[:values])


def cause(raw: FailingRows, model: FailingRows, kind: str = "unique", **more: Any) -> DbtTestCause:
    """What is said of these counts."""
    failure = replace(FAILURE, test_kind=kind)
    checks = (Check((raw, model)), Check())
    return find_cause(DbtTestCauseArguments(failure, checks, **more), datetime(2026, 11, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    ("raw", "model", "kind", "verdict", "answer"),
    [
        (broken(RAW), broken(MODEL), "unique", "kept", "No"),
        (broken(RAW), MODEL, "unique", "handled", "Yes"),
        (RAW, broken(MODEL), "unique", "made", "It makes them"),
        (RAW, MODEL, "unique", "gone", "Over"),
        (broken(RAW), broken(MODEL), "not_null", "passed_on", "It takes them over"),
        (FailingRows("RAW.PG.X", problem="no such column"), broken(MODEL), "unique", "model_only", "No"),
        (broken(RAW), FailingRows("AN.ST.STG", problem="not authorized"), "unique", "unknown", "Not known"),
    ],
)
def test_the_counts_of_both_tables_decide(
    raw: FailingRows, model: FailingRows, kind: str, verdict: str, answer: str
) -> None:
    """A table that could not be looked at never counts as one without failing rows."""
    found = cause(raw, model, kind)
    assert (found.verdict, found.answer) == (verdict, answer)
    assert found.tables == (raw, model)


def test_a_sentence_holds_both_counts() -> None:
    """And says whether the model removes some of them."""
    assert cause(broken(RAW), broken(MODEL)).told == (
        "stg does not remove them: RAW holds 2 values of id more than once (4 rows), "
        "stg still 2 values of id more than once (4 rows)"
    )
    assert "does not remove all of them" in cause(broken(RAW), broken(MODEL, 1)).told
    nulls = replace(RAW, failing=3), replace(MODEL, failing=3)
    assert "RAW holds 3 of 100 rows without id" in cause(*nulls, "not_null").told


@pytest.mark.parametrize(
    ("kind", "origin", "came_from", "words"),
    [
        (
            "unique",
            Origin(forbidden_by="the primary key x_pkey"),
            "loading",
            "the primary key x_pkey of public.x forbids",
        ),
        ("unique", Origin(repeated=FailingRows("public.x", 9, 3, 6)), "source", "public.x itself holds 3 of them"),
        ("unique", Origin(repeated=FailingRows("public.x", 9)), "loading", "public.x holds none now"),
        ("unique", Origin(), "", "may not read it to count"),
        ("not_null", Origin(is_not_null=True), "loading", "id is NOT NULL in public.x"),
        ("not_null", Origin(), "", ""),
        ("accepted_values", Origin(rules=("CHECK (id = '1')",)), "loading", "does not allow 7, 8"),
        ("accepted_values", Origin(rules=("CHECK (id = '7')",)), "", ""),
        ("unique", None, "", ""),
        ("accepted_values", Origin(rules=("CHECK ((id > 0))",)), "", ""),
        ("accepted_values", Origin(rules=("CHECK ((id >= 0))",)), "", ""),
        ("accepted_values", Origin(rules=("CHECK ((id <> ALL (ARRAY['1'::text])))",)), "", ""),
        ("accepted_values", Origin(rules=("CHECK ((id = ANY (ARRAY[7, 9])))",)), "", ""),
        (
            "accepted_values",
            Origin(rules=("CHECK ((id = ANY (ARRAY[1, 70, 8.5])))",)),
            "loading",
            "does not allow 7, 8",
        ),
        ("accepted_values", Origin(rules=("CHECK ((id = ANY (ARRAY['1'::text, '2'::te",)), "", ""),
        ("accepted_values", Origin(rules=("FOREIGN KEY (id) REFERENCES y(id)",)), "", ""),
    ],
)
def test_the_source_s_constraints_tell_what_it_cannot_have_sent(
    kind: str, origin: Origin | None, came_from: str, words: str
) -> None:
    """Where nothing forbids it and nothing was counted, nobody is blamed."""
    found = cause(broken(RAW), broken(MODEL), kind, origin=origin)
    assert found.came_from == came_from
    assert words in found.origin


def test_a_quote_in_a_value_is_told_from_the_end_of_it() -> None:
    """PostgreSQL writes it twice."""
    rules = ("CHECK ((id = ANY (ARRAY['it''s'::text, 'a'::text])))",)
    raw = replace(broken(RAW), examples=(FailingValue("it's", 2),))
    assert cause(raw, broken(MODEL), "accepted_values", origin=Origin(rules=rules)).came_from == ""


def test_the_model_s_sql_is_spoken_of_only_when_it_keeps_duplicates() -> None:
    """A tie is what rank() lets through; a row_number() is asked about its partition."""
    assert "row_number keeps one" in cause(broken(RAW), broken(MODEL), node=Node()).hint
    numbered = Node(window="row_number", window_call="row_number() over (partition by email)")
    assert cause(broken(RAW), broken(MODEL), node=numbered).hint.endswith("is it partitioned by id alone?")
    assert "no window function" in cause(broken(RAW), broken(MODEL), node=Node(window="")).hint
    assert cause(broken(RAW), MODEL, node=Node()).hint == ""
    assert cause(broken(RAW), broken(MODEL)).hint == ""


def test_without_any_count_nothing_is_claimed() -> None:
    """Snowflake did not answer."""
    found = find_cause(DbtTestCauseArguments(FAILURE), datetime(2026, 11, 23, tzinfo=UTC))
    assert (found.verdict, found.came_from, found.tables) == ("unknown", "", ())
    assert "could not be counted" in found.told
