"""derived.dbt_test_cause: where the rows that break a dbt test come from: the source, the loading, or the model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.diagnostics.derivation import Derivation
from bot.diagnostics.derivations.dbt_failure import DbtFailure
from bot.diagnostics.failing_rows import FailingRows, FailingValue

NOBODY = FailingRows("", problem="it is not known which table that is")
KEEPS_TIES = ("rank", "dense_rank")
ANSWERS = {
    "gone": "Over",
    "handled": "Yes",
    "kept": "No",
    "passed_on": "It takes them over",
    "made": "It makes them",
    "model_only": "No",
    "unknown": "Not known",
}
"""Does the model handle them?"""
# As PostgreSQL writes them: CHECK ((status = ANY (ARRAY['placed'::text, 'paid'::text]))), or of one value (id = '1').
_LISTS = re.compile(r"CHECK .*?[^<>!]= ?(?:ANY \(+ARRAY\[|'|-?\d)")
_VALUE = re.compile(r"'(?P<text>(?:[^']|'')*)'|(?<![\w.'])(?P<number>-?\d+(?:\.\d+)?)(?![\w.'])")


@dataclass(frozen=True, slots=True)
class DbtTestCauseArguments:
    """`failure` as derived.dbt_failure gives it.

    What was read, each of which may be missing: `checks` are facts of snowflake.duplicates, null_count, orphans and
    unexpected_values, `origin` those of postgres.duplicates, `node` those of dbt.node.
    """

    failure: DbtFailure
    checks: tuple[Any, ...] = ()
    origin: Any = None
    node: Any = None


@dataclass(frozen=True, slots=True)
class DbtTestCause:
    """`verdict` is gone, handled, kept, passed_on, made, model_only or unknown; `answer` and `told` say it in a
    word and in a sentence.

    gone: no row breaks the rule any more. handled: RAW holds such rows, the model removes them. kept: the model should
    remove them (unique) and does not. passed_on: the model takes them over. made: only the model holds them.
    `came_from` is source, loading or "" when that cannot be told; `origin` says why. `hint` is about the model's SQL.
    """

    verdict: str = "unknown"
    answer: str = "Not known"
    told: str = ""
    raw: FailingRows = NOBODY
    model: FailingRows = NOBODY
    tables: tuple[FailingRows, ...] = ()
    came_from: str = ""
    origin: str = ""
    hint: str = ""


def find_cause(arguments: DbtTestCauseArguments, _now: datetime) -> DbtTestCause:
    """What the counts allow to say, and no more."""
    failure = arguments.failure
    tables = tuple(table for check in arguments.checks for table in check.tables)
    raw, model = _table(tables, failure.raw), _table(tables, failure.relation)
    verdict = _verdict(raw, model, failure.test_kind)
    came_from, origin = _origin(arguments, raw) if verdict in ("handled", "kept", "passed_on") else ("", "")
    return DbtTestCause(
        verdict=verdict,
        answer=ANSWERS[verdict],
        told=_told(verdict, failure, raw, model),
        raw=raw,
        model=model,
        tables=tables,
        came_from=came_from,
        origin=origin,
        hint=_hint(arguments.node, failure) if verdict == "kept" else "",
    )


def count(rows: FailingRows, failure: DbtFailure) -> str:
    """How many of what: "12 values of customer_id more than once (24 rows)"."""
    column = failure.column
    if failure.test_kind == "not_null":
        return f"{rows.failing:,} of {rows.rows:,} rows without {column}"
    kinds = {
        "unique": f"{_values(rows, column)} more than once",
        "relationships": f"{_values(rows, column)} that {failure.parent or 'the parent'} does not hold",
        "accepted_values": f"{_values(rows, column)} that the test does not allow",
    }
    return f"{kinds.get(failure.test_kind, _values(rows, column))} ({rows.failing:,} rows)"


def _values(rows: FailingRows, column: str) -> str:
    return f"{rows.values:,} {'value' if rows.values == 1 else 'values'} of {column}"


def _table(tables: Sequence[FailingRows], name: str) -> FailingRows:
    return next((table for table in tables if name and table.table.upper() == name.upper()), NOBODY)


def _verdict(raw: FailingRows, model: FailingRows, kind: str) -> str:
    if not model.is_known:
        return "unknown"
    if not raw.is_known:
        return "model_only" if model.failing else "gone"
    if not model.failing:
        return "handled" if raw.failing else "gone"
    if not raw.failing:
        return "made"
    return "kept" if kind == "unique" else "passed_on"


def _told(verdict: str, failure: DbtFailure, raw: FailingRows, model: FailingRows) -> str:
    name, in_raw, in_model = failure.model, count(raw, failure), count(model, failure)
    some = "them" if raw.values == model.values else "all of them"
    told = {
        "gone": f"{name} breaks the rule no more: its rows have changed since the test ran",
        "handled": f"{name} removes them: RAW holds {in_raw}, {name} none now. The test ran on what it held before",
        "kept": f"{name} does not remove {some}: RAW holds {in_raw}, {name} still {in_model}",
        "passed_on": f"{name} takes them over: RAW holds {in_raw}, {name} {in_model}",
        "made": f"{name} makes them itself: it holds {in_model}, RAW none. Look at its joins",
        "model_only": f"{name} holds {in_model}; RAW could not be compared: {raw.problem}",
        "unknown": f"the rows could not be counted: {model.problem}",
    }
    return told[verdict]


def _origin(arguments: DbtTestCauseArguments, raw: FailingRows) -> tuple[str, str]:
    """Whether the source sends such rows: by its constraints first, for those hold for every row that it ever had."""
    origin, kind = arguments.origin, arguments.failure.test_kind
    if origin is None or not origin.table:
        return "", ""
    if kind == "unique":
        return _origin_of_repeated(origin)
    if kind == "not_null" and origin.is_not_null:
        return "loading", f"{origin.column} is NOT NULL in {origin.table}: loading lost the value"
    allowed = _allowed(origin.rules)
    values = [example.value for example in raw.examples]
    if kind == "accepted_values" and allowed and values and not allowed.intersection(values):
        return "loading", f"a CHECK of {origin.table} does not allow {', '.join(values)}: something wrote it after that"
    return "", ""


def _allowed(rules: Sequence[str]) -> frozenset[str]:
    """The values that CHECKs list; empty where one only sets bounds, or is too long to have been read whole."""
    lists = [rule for rule in rules if _LISTS.search(rule) and rule.endswith(")")]
    found = (one for rule in lists for one in _VALUE.finditer(rule))
    return frozenset(one["text"].replace("''", "'") if one["text"] is not None else one["number"] for one in found)


def _origin_of_repeated(origin: Any) -> tuple[str, str]:
    if origin.forbidden_by:
        return "loading", (
            f"{origin.forbidden_by} of {origin.table} forbids them: the source sends none, RAW holds its rows "
            "several times (one for each change, or loaded twice)"
        )
    if origin.repeated is None:
        return "", f"nothing in {origin.table} forbids them, and the bot may not read it to count"
    if origin.repeated.failing:
        return "source", f"{origin.table} itself holds {origin.repeated.values:,} of them: it is for those who write it"
    return "loading", f"{origin.table} holds none now: its rows were loaded several times, or corrected there since"


def _hint(node: Any, failure: DbtFailure) -> str:
    window = getattr(node, "window", "")
    if window in KEEPS_TIES:
        return (
            f"{failure.model} numbers its rows with {node.window_call}: {window} gives rows that tie the same number, "
            "so it keeps them all; row_number keeps one"
        )
    if window == "distinct":
        return f"{failure.model} says select distinct, which keeps rows that differ in any other column"
    if window == "row_number":
        return f"{failure.model} numbers its rows with {node.window_call}: is it partitioned by {failure.column} alone?"
    return (
        f"{failure.model} has no window function that keeps one row of each" if node is not None and node.name else ""
    )


_RAW = FailingRows(
    "ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS",
    rows=8012,
    values=12,
    failing=24,
    examples=(FailingValue("1001", 2), FailingValue("1002", 2)),
)
_MODEL = FailingRows("ECOMMERCE_ANALYTICS.STAGING.stg_customers", 8012, 12, 24, _RAW.examples)
DBT_TEST_CAUSE: Derivation[DbtTestCauseArguments, DbtTestCause] = Derivation(
    name="derived.dbt_test_cause",
    summary="Where the rows that break a dbt test come from: the source, the loading, or the model's own SQL.",
    arguments=DbtTestCauseArguments,
    facts=DbtTestCause,
    derive=find_cause,
    typical=DbtTestCause(
        verdict="kept",
        answer="No",
        told="stg_customers does not remove them: RAW holds 12 values of customer_id more than once (24 rows), "
        "stg_customers still 12 values of customer_id more than once (24 rows)",
        raw=_RAW,
        model=_MODEL,
        tables=(_RAW, _MODEL),
        came_from="loading",
        origin="the primary key customers_pkey of public.customers forbids them: the source sends none, RAW holds its "
        "rows several times (one for each change, or loaded twice)",
        hint="stg_customers numbers its rows with rank() over (partition by customer_id order by updated_at desc): "
        "rank gives rows that tie the same number, so it keeps them all; row_number keeps one",
    ),
    empty=DbtTestCause(told="the rows could not be counted: it is not known which table that is"),
)
