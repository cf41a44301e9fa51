"""Credits by warehouse and hour: the meter that resource monitors and the metering views read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.sandbox.warehouse.placeholders import marks

if TYPE_CHECKING:
    from bot.sandbox.warehouse.engine import Engine

TABLE = "_fs_global.account.warehouse_metering_history"


class Meter:
    """Credits used, kept in hours as WAREHOUSE_METERING_HISTORY reports them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        engine.query("CREATE SCHEMA IF NOT EXISTS _fs_global.account")
        engine.query(
            f"CREATE OR REPLACE TABLE {TABLE} (START_TIME TIMESTAMPTZ, END_TIME TIMESTAMPTZ, "
            "WAREHOUSE_ID BIGINT, WAREHOUSE_NAME VARCHAR, CREDITS_USED DOUBLE, "
            "CREDITS_USED_COMPUTE DOUBLE, CREDITS_USED_CLOUD_SERVICES DOUBLE, "
            "PRIMARY KEY (START_TIME, WAREHOUSE_NAME))"
        )

    def add(self, warehouse: str, compute: float, at: datetime, cloud: float = 0.0) -> None:
        """Charge compute and cloud-services credits to the hour of `at`."""
        self.add_hours({(warehouse, at.replace(minute=0, second=0, microsecond=0)): (compute, cloud)})

    def add_hours(self, charges: dict[tuple[str, datetime], tuple[float, float]]) -> None:
        """Charge (compute, cloud services) by (warehouse, beginning of the hour)."""
        rows = [
            (hour, hour + timedelta(hours=1), number_of(name), name, compute + cloud, compute, cloud)
            for (name, hour), (compute, cloud) in charges.items()
        ]
        self._engine.query(
            f"INSERT INTO {TABLE} VALUES {marks(len(rows), 7)} ON CONFLICT DO UPDATE SET "  # noqa: S608 - our own name
            "CREDITS_USED = CREDITS_USED + excluded.CREDITS_USED, "
            "CREDITS_USED_COMPUTE = CREDITS_USED_COMPUTE + excluded.CREDITS_USED_COMPUTE, "
            "CREDITS_USED_CLOUD_SERVICES = CREDITS_USED_CLOUD_SERVICES + excluded.CREDITS_USED_CLOUD_SERVICES",
            [value for row in rows for value in row],
        )

    def used(self, warehouses: list[str], since: datetime) -> float:
        """Credits of these warehouses from `since` on."""
        rows = self._engine.query(
            f"SELECT coalesce(sum(CREDITS_USED), 0) FROM {TABLE} "  # noqa: S608 - our own name
            "WHERE START_TIME >= ? AND list_contains(?, WAREHOUSE_NAME)",
            [since, warehouses],
        )
        return float(rows[0][0])


def number_of(warehouse: str) -> int:
    """A stable WAREHOUSE_ID made of the name."""
    return int.from_bytes(warehouse.encode()[:6].ljust(6, b"\0"), "big") % 1_000_000 + 1
