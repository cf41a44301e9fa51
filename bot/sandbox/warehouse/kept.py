"""The latest answers by query id: what a client fetches later and what RESULT_SCAN reads again."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

import pyarrow as pa

from bot.sandbox.warehouse.results import Result

_KEPT = 300
_TYPES = {
    "text": pa.string(),
    "fixed": pa.int64(),
    "real": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp_ltz": pa.timestamp("us", tz="UTC"),
    "timestamp_ntz": pa.timestamp("us"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it went over the wire, whose it is, and its rows (None for a refusal)."""

    user: str
    payload: dict[str, Any]
    table: Any = None


class Results:
    """Answers, the oldest forgotten. Thread-safe."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._lock = Lock()

    def keep(self, query_id: str, kept: Kept) -> None:
        """Remember an answer."""
        with self._lock:
            self._kept[query_id] = kept
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)

    def find(self, query_id: str, user: str) -> Kept | None:
        """The answer, for the user who ran the statement."""
        kept = self._kept.get(query_id)
        return kept if kept and kept.user == user else None


def table_of(result: Result) -> Any:
    """A layer's own result as an Arrow table, for RESULT_SCAN."""
    columns = [
        pa.array([row[position] for row in result.rows], type=_TYPES[column.kind])
        for position, column in enumerate(result.columns)
    ]
    return pa.Table.from_arrays(columns, names=[column.name for column in result.columns])
