"""derived.dbt_failure: what failed in dbt, put together from the alert, dbt's artifacts and the task's log."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.diagnostics.derivation import Derivation
from bot.diagnostics.derivations.dbt_output import (
    NO_ERROR,
    DatabaseError,
    ToldFailure,
    told_error,
    told_failures,
    told_results,
)
from bot.diagnostics.derivations.feed import FeedArguments, FeedFacts, find_feed

TEST_KINDS = ("unique", "not_null", "accepted_values", "relationships")
LISTED = 10


@dataclass(frozen=True, slots=True)
class DbtFailureArguments:
    """What the alert says of it ("" counts for nothing), and what was read: each of the three may be missing.

    `results`, `node` and `log` are the facts of dbt.run_results, dbt.node and airflow.task_log. `kind` is what the
    playbook is about: "test", or "model" for all that dbt builds.
    """

    kind: str = "model"
    test: str = ""
    test_kind: str = ""
    model: str = ""
    column: str = ""
    table: str = ""
    feeds: tuple[dict[str, str], ...] = ()
    results: Any = None
    node: Any = None
    log: Any = None


@dataclass(frozen=True, slots=True)
class DbtFailure:
    """One failed test or model. What nobody told is "", 0 or ().

    `what` tells it in words. `relation` is the model's table, `raw` the table in RAW that feeds it and `source` that
    one's at the source. `failures` is None when dbt did not count; `passed_since` says that a later run passed it.
    `others` failed in the same run; `told_by` says who knew.
    """

    name: str = ""
    what: str = ""
    kind: str = ""
    test_kind: str = ""
    model: str = ""
    column: str = ""
    path: str = ""
    relation: str = ""
    raw: str = ""
    source: str = ""
    values: tuple[str, ...] = ()
    parent: str = ""
    parent_column: str = ""
    failures: int | None = None
    at: datetime | None = None
    passed_since: bool = False
    error: DatabaseError = NO_ERROR
    others: tuple[str, ...] = ()
    told_by: tuple[str, ...] = ()


def put_together(arguments: DbtFailureArguments, now: datetime) -> DbtFailure:
    """The manifest knows best what a node is, the results what became of it; log and alert fill what is left."""
    results, node = arguments.results, arguments.node
    node = node if node is not None and node.name else None
    told = _told_by_log(arguments)
    named = arguments.test if arguments.kind == "test" else arguments.model
    name = _first(getattr(results, "name", ""), getattr(node, "name", ""), named, told.name)
    kind, model, column = _parts_of(arguments, name)
    text = _first(getattr(results, "message", ""), _log_text(arguments) if told.name else "")
    failures = getattr(results, "failures", None)
    feed, raw = _feed_of(arguments, model, now)
    test_kind = _first(getattr(node, "test_kind", ""), arguments.test_kind, kind)
    model = _first(getattr(node, "model", ""), model, arguments.model)
    column = _first(getattr(node, "column", ""), arguments.column, column)
    return DbtFailure(
        name=name,
        what=_what(arguments.kind, test_kind, model, column) if name else "",
        kind=_first(getattr(results, "kind", ""), getattr(node, "kind", ""), told.kind, arguments.kind),
        test_kind=test_kind,
        model=model,
        column=column,
        path=_first(getattr(node, "path", ""), told.path),
        relation=_relation(arguments, model, feed),
        raw=raw,
        source=feed.source,
        values=getattr(node, "values", ()),
        parent=getattr(node, "parent_relation", ""),
        parent_column=getattr(node, "parent_column", ""),
        failures=told_results(text) if failures is None else failures,
        at=getattr(results, "at", None),
        passed_since=getattr(results, "passed_since", False),
        error=told_error(text),
        others=tuple(one.name for one in getattr(results, "failed", ()) if one.name != name)[:LISTED],
        told_by=_told_by(arguments, told),
    )


def split_test_name(name: str, models: tuple[str, ...]) -> tuple[str, str, str]:
    """Kind, model and column of a name that dbt made (`unique_stg_orders_order_id`), as far as models are known."""
    kind = next((kind for kind in TEST_KINDS if name.startswith(f"{kind}_")), "")
    rest = name[len(kind) + 1 :] if kind else ""
    for model in sorted(filter(None, models), key=len, reverse=True):
        if rest.startswith(f"{model}_"):
            return kind, model, rest[len(model) + 1 :].partition("__")[0]
    return kind, "", ""


def _parts_of(arguments: DbtFailureArguments, name: str) -> tuple[str, str, str]:
    """Kind, model and column as the name and the alert tell them."""
    if arguments.kind != "test":
        return "", name, ""
    if name in TEST_KINDS:
        return name, arguments.model or _stem(arguments.table), arguments.column
    models = (arguments.model, _stem(arguments.table), *(_stem(feed.get("staging", "")) for feed in arguments.feeds))
    return split_test_name(name.lower(), models)


def _what(kind: str, test_kind: str, model: str, column: str) -> str:
    """In words: "a unique test of stg_customers, column customer_id"."""
    if kind != "test":
        return "a model"
    words = f"a {test_kind} test" if test_kind else "a test of its own SQL"
    return f"{words}{f' of {model}' if model else ''}{f', column {column}' if column else ''}"


def _told_by_log(arguments: DbtFailureArguments) -> ToldFailure:
    """What the log says failed: the node that the alert names, or the first when it names none."""
    found = [one for one in told_failures(_log_text(arguments)) if ("test" in one.kind) == (arguments.kind == "test")]
    wanted = arguments.test if arguments.kind == "test" else arguments.model
    named = (one for one in found if not wanted or _stem(one.name) == _stem(wanted))
    return next(named, ToldFailure("", "", ""))


def _log_text(arguments: DbtFailureArguments) -> str:
    log = arguments.log
    return "" if log is None else "\n".join((log.exception_message, *log.lines))


def _feed_of(arguments: DbtFailureArguments, model: str, now: datetime) -> tuple[FeedFacts, str]:
    """The feed, and the table in RAW: the only one that the model reads, else that of its feed."""
    sources = tuple(getattr(arguments.node, "sources", ()))
    names = (*(sources if len(sources) == 1 else ()), getattr(arguments.node, "model", ""), model, arguments.table)
    feed = find_feed(FeedArguments(arguments.feeds, tuple(filter(None, names))), now)
    return feed, sources[0] if len(sources) == 1 else feed.raw


def _relation(arguments: DbtFailureArguments, model: str, feed: FeedFacts) -> str:
    if relation := getattr(arguments.node, "relation", ""):
        return str(relation)
    if feed.staging and _stem(feed.staging) == _stem(model or arguments.model):
        return feed.staging
    return arguments.table if arguments.table.count(".") == 2 else ""


def _told_by(arguments: DbtFailureArguments, told: ToldFailure) -> tuple[str, ...]:
    known = {
        "the alert": bool(arguments.test or arguments.model or arguments.table),
        "dbt's results": bool(getattr(arguments.results, "name", "")),
        "dbt's manifest": bool(getattr(arguments.node, "name", "")),
        "the task's log": bool(told.name),
    }
    return tuple(who for who, knows in known.items() if knows)


def _stem(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _first(*texts: str) -> str:
    return next((text for text in texts if text), "")


DBT_FAILURE: Derivation[DbtFailureArguments, DbtFailure] = Derivation(
    name="derived.dbt_failure",
    summary="What failed in dbt: test or model, column, tables, error; from the alert, the artifacts and the log.",
    arguments=DbtFailureArguments,
    facts=DbtFailure,
    derive=put_together,
    typical=DbtFailure(
        name="unique_stg_customers_customer_id",
        what="a unique test of stg_customers, column customer_id",
        kind="test",
        test_kind="unique",
        model="stg_customers",
        column="customer_id",
        path="models/schema.yml",
        relation="ECOMMERCE_ANALYTICS.STAGING.stg_customers",
        raw="ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS",
        source="public.customers",
        values=("placed", "paid"),
        parent="ECOMMERCE_ANALYTICS.STAGING.stg_orders",
        parent_column="order_id",
        failures=12,
        at=datetime(2026, 11, 23, 5, 2, 10, tzinfo=UTC),
        error=DatabaseError(
            sentence="SQL access control error: Insufficient privileges to operate on schema 'MARTS'",
            code="003001",
            sqlstate="42501",
            meaning="a missing privilege",
            line=13,
            position=8,
            object_kind="schema",
            object="MARTS",
            compiled_path="target/run/ecommerce/models/marts/fct_orders.sql",
        ),
        others=("not_null_stg_orders_customer_id",),
        told_by=("the alert", "dbt's results", "dbt's manifest"),
    ),
    empty=DbtFailure(),
)
