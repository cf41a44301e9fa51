"""Stage 5: rows of one table that a rule of one of its columns refuses, as every database's probes tell them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FailingValue:
    """One value of the column, and how many rows hold it. No other column is ever read."""

    value: str
    copies: int


@dataclass(frozen=True, slots=True)
class FailingRows:
    """What breaks the rule in one table.

    `rows` counts the table; `values` the different values that break the rule (0 for NULLs, which are none), `failing`
    the rows that hold them; `examples` are the worst few. `problem` says why the table could not be looked at; the
    counts are 0 then and mean nothing.
    """

    table: str
    rows: int = 0
    values: int = 0
    failing: int = 0
    examples: tuple[FailingValue, ...] = ()
    problem: str = ""

    @property
    def is_known(self) -> bool:
        """True when the table was looked at."""
        return not self.problem
