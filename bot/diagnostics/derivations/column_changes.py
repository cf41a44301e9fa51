"""derived.column_changes: how a table at the source and the table it is loaded to differ, and what would level them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.diagnostics.column import Column
from bot.diagnostics.derivation import Derivation
from bot.diagnostics.derivations.column_types import holds, propose_type, read_type

_PLAIN_NAME = re.compile(r"[A-Z_][A-Z0-9_$]*")
_LOADERS = ("_", "METADATA$")


@dataclass(frozen=True, slots=True)
class ColumnChangesArguments:
    """Both tables' columns; `table` is the target's full name as its catalogue writes it, for the statements."""

    source: tuple[Column, ...]
    target: tuple[Column, ...]
    table: str = ""


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """One difference: `change` is added, removed or retyped, seen from the source.

    `name` as the source has it, or the target where the source has none. `proposed_type` is Snowflake's for the
    source's type, `statement` what would level the two; "" when nothing has to be done or nothing simple can be.
    """

    name: str
    change: str
    source_type: str = ""
    target_type: str = ""
    proposed_type: str = ""
    statement: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class ColumnChanges:
    """`verdict` is added, removed, retyped, mixed (several of these), same, or unknown. The owner runs `statements`.

    The counts leave out `loaders` (columns that only the loader fills). `renamed` are pairs `old → new` that look like
    one column under a new name.
    """

    verdict: str = "unknown"
    source_count: int = 0
    target_count: int = 0
    changes: tuple[ColumnChange, ...] = ()
    added: tuple[ColumnChange, ...] = ()
    removed: tuple[ColumnChange, ...] = ()
    retyped: tuple[ColumnChange, ...] = ()
    renamed: tuple[str, ...] = ()
    loaders: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()


def compare_columns(arguments: ColumnChangesArguments, now: datetime) -> ColumnChanges:
    """The differences, in the order of the source's columns, then the target's; unknown when one side has no columns.

    Names are compared without regard to case, since loaders write them in either. A column that only the target has
    counts as the loader's own, not as removed, when its name begins with _ or METADATA$: so do _LOADED_AT,
    _fivetran_synced, _airbyte_extracted_at and _sdc_batched_at.
    """
    if not arguments.source or not arguments.target:
        return ColumnChanges()
    source = {column.name.upper(): column for column in arguments.source}
    target = {column.name.upper(): column for column in arguments.target}
    loaders = tuple(column.name for key, column in target.items() if key not in source and key.startswith(_LOADERS))
    added = tuple(_added(column, arguments.table) for key, column in source.items() if key not in target)
    removed = tuple(
        _removed(column, arguments.table)
        for key, column in target.items()
        if key not in source and column.name not in loaders
    )
    retyped = tuple(
        _retyped(column, target[key], arguments.table)
        for key, column in source.items()
        if key in target and not holds(target[key].type, column.type, column.made_of)
    )
    changes = (*added, *removed, *retyped)
    kinds = {change.change for change in changes}
    return ColumnChanges(
        verdict="mixed" if len(kinds) > 1 else next(iter(kinds), "same"),
        source_count=len(source),
        target_count=len(target) - len(loaders),
        changes=changes,
        added=added,
        removed=removed,
        retyped=retyped,
        renamed=_renamed(source, target, added, removed),
        loaders=loaders,
        statements=tuple(change.statement for change in changes if change.statement),
    )


def identifier(name: str) -> str:
    """A name as Snowflake keeps it, as it stands in a statement: in quotes where it needs them."""
    return name if _PLAIN_NAME.fullmatch(name) else '"' + name.replace('"', '""') + '"'


def _added(column: Column, table: str) -> ColumnChange:
    proposed = propose_type(column.type, column.made_of)
    # Never NOT NULL: Snowflake refuses that for a table with rows, and older rows have no value.
    statement = f"ALTER TABLE {table} ADD COLUMN {identifier(column.name.upper())} {proposed}" if table else ""
    return ColumnChange(
        column.name, "added", column.type, proposed_type=proposed, statement=statement, advice="add it to the target"
    )


def _removed(column: Column, table: str) -> ColumnChange:
    if column.is_nullable:
        advice = "leave it: it is NULL from now on"
        return ColumnChange(column.name, "removed", target_type=column.type, advice=advice)
    statement = f"ALTER TABLE {table} ALTER COLUMN {identifier(column.name)} DROP NOT NULL" if table else ""
    return ColumnChange(
        column.name, "removed", target_type=column.type, statement=statement, advice="leave it, and let it be NULL"
    )


def _retyped(column: Column, there: Column, table: str) -> ColumnChange:
    proposed = propose_type(column.type, column.made_of)
    statement = ""
    if table and _is_wider(proposed, there.type):
        statement = f"ALTER TABLE {table} ALTER COLUMN {identifier(there.name)} SET DATA TYPE {proposed}"
    return ColumnChange(
        name=column.name,
        change="retyped",
        source_type=column.type,
        target_type=there.type,
        proposed_type=proposed,
        statement=statement,
        advice="widen it" if statement else "cast it in the extraction, or load it into a new column",
    )


def _is_wider(proposed: str, present: str) -> bool:
    """What ALTER COLUMN does in place, as documented: a longer VARCHAR, a NUMBER of more digits and the same scale."""
    new, old = read_type(proposed), read_type(present)
    if new.name == old.name == "VARCHAR":
        return old.first is not None and (new.first is None or new.first > old.first)
    if new.name == old.name == "NUMBER":
        return (new.second or 0) == (old.second or 0) and (new.first or 0) > (old.first or 0)
    return False


def _renamed(
    source: Mapping[str, Column],
    target: Mapping[str, Column],
    added: tuple[ColumnChange, ...],
    removed: tuple[ColumnChange, ...],
) -> tuple[str, ...]:
    """Pairs that stand at the same place among their neighbours and whose types fit."""
    pairs = []
    for old in removed:
        before = _neighbour(list(target), old.name.upper())
        for new in added:
            column = source[new.name.upper()]
            if before == _neighbour(list(source), new.name.upper()) and holds(
                old.target_type, new.source_type, column.made_of
            ):
                pairs.append(f"{old.name} → {new.name}")
    return tuple(pairs)


def _neighbour(names: list[str], name: str) -> str:
    """The column before it, "" for the first."""
    position = names.index(name)
    return names[position - 1] if position else ""


_GIFT = ColumnChange(
    name="gift_message",
    change="added",
    source_type="text",
    proposed_type="VARCHAR",
    statement="ALTER TABLE ECOMMERCE_RAW.POSTGRES.RAW_ORDERS ADD COLUMN GIFT_MESSAGE VARCHAR",
    advice="add it to the target",
)
COLUMN_CHANGES: Derivation[ColumnChangesArguments, ColumnChanges] = Derivation(
    name="derived.column_changes",
    summary="How the columns of two tables differ: added, removed, retyped, with Snowflake's types and statements.",
    arguments=ColumnChangesArguments,
    facts=ColumnChanges,
    derive=compare_columns,
    typical=ColumnChanges(
        verdict="added",
        source_count=5,
        target_count=4,
        changes=(_GIFT,),
        added=(_GIFT,),
        loaders=("_LOADED_AT",),
        statements=(_GIFT.statement,),
    ),
    empty=ColumnChanges(),
)
