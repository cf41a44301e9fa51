"""All rules in the order in which they are tried."""

from bot.sandbox.warehouse.rules import (
    Rule,
    describe,
    grants,
    monitors,
    parameters,
    session,
    show_grants,
    system,
    users,
    warehouses,
)

RULES: tuple[Rule, ...] = (
    *warehouses.RULES,
    *monitors.RULES,
    *session.RULES,
    *parameters.RULES,
    *users.RULES,
    *system.RULES,
    *describe.RULES,
    *show_grants.RULES,
    *grants.RULES,
)
