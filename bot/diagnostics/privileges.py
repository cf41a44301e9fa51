"""Stage 5: who may do what in a warehouse, as probes tell it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeldGrant:
    """`privilege` on one object: `kind` TABLE, SCHEMA, WAREHOUSE …, `name` in full; `role` holds it directly."""

    privilege: str
    kind: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class FutureGrant:
    """What `role` will hold on every `kind` (TABLE, VIEW) made later in the SCHEMA or DATABASE (`scope`) `name`."""

    privilege: str
    kind: str
    scope: str
    name: str
    role: str
