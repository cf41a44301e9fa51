"""All rules in the order in which they are tried."""

from bot.sandbox.warehouse.rules import Rule, describe, grants, monitors, session, show_grants, system, warehouses

RULES: tuple[Rule, ...] = (
    *warehouses.RULES,
    *monitors.RULES,
    *session.RULES,
    *system.RULES,
    *describe.RULES,
    *show_grants.RULES,
    *grants.RULES,
)
