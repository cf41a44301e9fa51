"""airflow.pools: how many slots each pool has, who uses them and who waits for one."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.probes.rows import Row, words


@dataclass(frozen=True, slots=True)
class PoolsArguments:
    """Nothing to ask for."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Slots of a pool; `slots` is -1 where there is no limit. `waiting` are scheduled and not queued yet."""

    name: str
    slots: int
    running: int
    queued: int
    waiting: int
    deferred: int
    open: int
    is_starving: bool


@dataclass(frozen=True, slots=True)
class Pools:
    """Starving ones first: no slot is open and tasks wait for one."""

    pools: tuple[Pool, ...] = ()
    starving: tuple[str, ...] = ()
    open: int = 0
    waiting: int = 0


def read_pools(client: AirflowClient, _arguments: PoolsArguments, scope: Scope) -> Pools:
    """Every pool, as far as the row cap goes."""
    with client.calling(scope) as calls:
        return pools_from(calls.get("PoolApi", "get_pools", limit=scope.row_cap)["pools"])


def pools_from(rows: Sequence[Row]) -> Pools:
    """Facts from the JSON of the pools."""
    pools = sorted((_pool(row) for row in rows), key=lambda pool: (not pool.is_starving, -pool.waiting, pool.name))
    return Pools(
        pools=tuple(pools),
        starving=tuple(pool.name for pool in pools if pool.is_starving),
        open=sum(max(0, pool.open) for pool in pools),
        waiting=sum(pool.waiting for pool in pools),
    )


def _pool(row: Row) -> Pool:
    slots, opened, waiting = int(row["slots"]), int(row.get("open_slots") or 0), int(row.get("scheduled_slots") or 0)
    return Pool(
        name=words(row["name"]),
        slots=slots,
        running=int(row.get("running_slots") or 0),
        queued=int(row.get("queued_slots") or 0),
        waiting=waiting,
        deferred=int(row.get("deferred_slots") or 0),
        open=opened,
        is_starving=slots >= 0 and opened <= 0 and waiting > 0,
    )


POOLS: Probe[AirflowClient, PoolsArguments, Pools] = Probe(
    name="airflow.pools",
    summary="Open slots of every pool, and which pools starve.",
    arguments=PoolsArguments,
    facts=Pools,
    read=read_pools,
    typical=Pools(
        pools=(
            Pool("loading", 2, 2, 0, 5, 0, 0, is_starving=True),
            Pool("default_pool", 128, 3, 1, 0, 0, 124, is_starving=False),
        ),
        starving=("loading",),
        open=124,
        waiting=5,
    ),
    empty=Pools(),
    deadline_s=10.0,
)
