"""How two tables differ, and what would level them."""

from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter

from bot.diagnostics.column import Column
from bot.diagnostics.derivations.column_changes import (
    ColumnChanges,
    ColumnChangesArguments,
    compare_columns,
    identifier,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)
RAW = "ECOMMERCE_RAW.POSTGRES.RAW_ORDERS"


def columns(*pairs: tuple[str, str]) -> tuple[Column, ...]:
    """Columns of these names and types, in order."""
    return tuple(Column(name, kind, position=position) for position, (name, kind) in enumerate(pairs, 1))


SOURCE = columns(("order_id", "bigint"), ("status", "text"), ("updated_at", "timestamp with time zone"))
TARGET = columns(
    ("ORDER_ID", "NUMBER(38,0)"),
    ("STATUS", "VARCHAR"),
    ("UPDATED_AT", "TIMESTAMP_NTZ"),
    ("_LOADED_AT", "TIMESTAMP_NTZ"),
)


def compare(source: tuple[Column, ...], target: tuple[Column, ...]) -> ColumnChanges:
    """The differences, at some time."""
    return compare_columns(ColumnChangesArguments(source, target, RAW), NOW)


def test_the_same_columns_are_the_same_though_the_loader_adds_its_own() -> None:
    """_LOADED_AT is the loader's: it is neither removed nor counted."""
    found = compare(SOURCE, TARGET)
    assert (found.verdict, found.changes, found.statements) == ("same", (), ())
    assert (found.source_count, found.target_count, found.loaders) == (3, 3, ("_LOADED_AT",))


def test_a_new_column_comes_with_its_statement() -> None:
    """The type is Snowflake's, the table the catalogue's; never NOT NULL, for older rows have no value."""
    new = Column("gift_message", "text", is_nullable=False, position=4)
    found = compare((*SOURCE, new), TARGET)
    assert found.verdict == "added"
    assert found.statements == (f"ALTER TABLE {RAW} ADD COLUMN GIFT_MESSAGE VARCHAR",)
    assert (found.added[0].source_type, found.added[0].proposed_type) == ("text", "VARCHAR")


def test_a_removed_column_is_left_alone() -> None:
    """Nothing has to be run: the runbook says to leave it."""
    found = compare(SOURCE[:1] + SOURCE[2:], TARGET)
    assert (found.verdict, found.statements) == ("removed", ())
    assert (found.removed[0].name, found.removed[0].target_type) == ("STATUS", "VARCHAR")


def test_a_removed_column_that_must_not_be_null_is_freed() -> None:
    """Otherwise every row of the next load is refused."""
    strict = (Column("STATUS", "VARCHAR", is_nullable=False), *TARGET[:1], *TARGET[2:])
    found = compare(SOURCE[:1] + SOURCE[2:], strict)
    assert found.statements == (f"ALTER TABLE {RAW} ALTER COLUMN STATUS DROP NOT NULL",)


def test_a_column_that_became_wider_is_widened_in_place() -> None:
    """Snowflake can lengthen a VARCHAR and add digits before the point."""
    found = compare(
        columns(("code", "character varying(20)"), ("total", "numeric(14,2)")),
        columns(("CODE", "VARCHAR(10)"), ("TOTAL", "NUMBER(12,2)")),
    )
    assert found.verdict == "retyped"
    assert found.statements == (
        f"ALTER TABLE {RAW} ALTER COLUMN CODE SET DATA TYPE VARCHAR(20)",
        f"ALTER TABLE {RAW} ALTER COLUMN TOTAL SET DATA TYPE NUMBER(14,2)",
    )


def test_a_column_of_another_kind_has_no_simple_statement() -> None:
    """Snowflake refuses to make a number a text in place, so none is proposed."""
    found = compare(columns(("total", "text")), columns(("TOTAL", "NUMBER(12,2)")))
    assert (found.retyped[0].proposed_type, found.retyped[0].statement) == ("VARCHAR", "")
    assert "cast it" in found.retyped[0].advice


def test_a_renamed_column_is_suspected() -> None:
    """One gone and one new at the same place, with types that fit, look like one column."""
    source = columns(("order_id", "bigint"), ("state", "text"), ("updated_at", "timestamp with time zone"))
    found = compare(source, TARGET)
    assert found.verdict == "mixed"
    assert found.renamed == ("STATUS → state",)
    assert compare((*SOURCE[:1], *SOURCE[2:], Column("state", "text")), TARGET).renamed == ()


@pytest.mark.parametrize(("source", "target"), [((), TARGET), (SOURCE, ()), ((), ())])
def test_a_side_that_is_not_known_is_no_change(source: tuple[Column, ...], target: tuple[Column, ...]) -> None:
    """A table that is nobody's feed must not look as if every column had gone."""
    found = compare(source, target)
    assert (found.verdict, found.changes, found.statements) == ("unknown", (), ())


@pytest.mark.parametrize(
    ("name", "written"),
    [("GIFT", "GIFT"), ("lower", '"lower"'), ('A"; DROP TABLE T; --', '"A""; DROP TABLE T; --"'), ("1ST", '"1ST"')],
)
def test_a_name_cannot_leave_its_place_in_the_statement(name: str, written: str) -> None:
    """Names come from a catalogue where anybody may write anything."""
    assert identifier(name) == written


def test_columns_arrive_as_other_probes_found_them_and_as_they_were_kept() -> None:
    """A playbook hands over the findings themselves; after a restart they come from JSON."""
    take = TypeAdapter(ColumnChangesArguments).validate_python
    assert take({"source": SOURCE, "target": [asdict(column) for column in TARGET]}).target == TARGET


@pytest.mark.parametrize(
    ("name", "is_loaders"),
    [("_FIVETRAN_SYNCED", True), ("_sdc_batched_at", True), ("METADATA$ROW_ID", True), ("LOADED_AT", False)],
)
def test_a_loaders_own_columns_are_known_by_how_they_begin(name: str, is_loaders: bool) -> None:
    """In either case of letters; any other that only the target has is a removed one."""
    found = compare(SOURCE, (*TARGET, Column(name, "VARCHAR")))
    assert (name in found.loaders) is is_loaders
    assert found.verdict == ("same" if is_loaders else "removed")


def test_a_column_of_the_source_may_begin_as_a_loaders() -> None:
    """What both have is nobody's own; what only the source has is new."""
    found = compare((*SOURCE, Column("_id", "text")), (*TARGET, Column("_ID", "VARCHAR")))
    assert (found.verdict, found.loaders) == ("same", ("_LOADED_AT",))
    assert compare((*SOURCE, Column("_id", "text")), TARGET).statements == (
        f"ALTER TABLE {RAW} ADD COLUMN _ID VARCHAR",
    )


def test_several_kinds_of_change_are_told_in_their_order() -> None:
    """Added, removed, retyped; each statement once, in the same order."""
    source = columns(("order_id", "text"), ("note", "text"))
    target = (Column("ORDER_ID", "VARCHAR(10)"), Column("GONE", "DATE", is_nullable=False))
    found = compare(source, target)
    assert found.verdict == "mixed"
    assert [(change.change, change.name) for change in found.changes] == [
        ("added", "note"),
        ("removed", "GONE"),
        ("retyped", "order_id"),
    ]
    assert [statement.partition(" COLUMN ")[2] for statement in found.statements] == [
        "NOTE VARCHAR",
        "GONE DROP NOT NULL",
        "ORDER_ID SET DATA TYPE VARCHAR",
    ]
    assert found.renamed == ()


def test_a_first_column_that_was_renamed_is_suspected_too() -> None:
    """It has no neighbour before it; another type at the same place is no rename."""
    rest = (("status", "text"), ("updated_at", "timestamp with time zone"))
    assert compare(columns(("id", "bigint"), *rest), TARGET).renamed == ("ORDER_ID → id",)
    assert compare(columns(("id", "text"), *rest), TARGET).renamed == ()


def test_without_a_table_there_is_nothing_to_run() -> None:
    """The differences are told all the same."""
    strict = (Column("STATUS", "VARCHAR(1)", is_nullable=False), Column("GONE", "DATE", is_nullable=False))
    arguments = ColumnChangesArguments(columns(("status", "text"), ("new", "text")), strict)
    found = compare_columns(arguments, NOW)
    assert (len(found.changes), found.statements) == (3, ())


@pytest.mark.parametrize(
    ("source", "target", "statement"),
    [
        ("character varying(9)", "VARCHAR(10)", None),
        ("text", "VARCHAR(10)", "VARCHAR"),
        ("numeric(14,3)", "NUMBER(12,2)", ""),
        ("numeric(12,2)", "NUMBER(12,0)", ""),
        ("bigint", "NUMBER(10,0)", "NUMBER(38,0)"),
        ("timestamp without time zone", "DATE", ""),
    ],
)
def test_only_what_snowflake_does_in_place_is_a_statement(source: str, target: str, statement: str | None) -> None:
    """A longer text, more digits of the same scale; None where nothing has to be done, "" where nothing simple can."""
    found = compare(columns(("a", source)), columns(("A", target)))
    assert [change.statement.partition(" SET DATA TYPE ")[2] for change in found.retyped] == (
        [] if statement is None else [statement]
    )
