"""Stage 5: one column of a table, as any catalogue tells it: probes of two systems must mean the same by it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """`type` as that system writes it. `made_of` is what a type of the users' own is: "enum", or a domain's base type.

    `position` counts from 1 in the table's order; dropped columns leave no gaps.
    """

    name: str
    type: str
    is_nullable: bool = True
    position: int = 0
    made_of: str = ""
