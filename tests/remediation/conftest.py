"""Plans to approve and run."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.playbooks.reply import Approvers
from bot.remediation.plan import APPROVAL_EXPIRES_AFTER, Plan, digest_of
from bot.remediation.remedy import Command, Draft

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
CANCEL = Command("cancel", "SELECT pg_cancel_backend(7)", {"pid": 7, "started": "2026-03-04T09:00:00+00:00"})
DRAFT = Draft("orders_db", (CANCEL,), "cancels 1 query")


def build_plan(draft: Draft = DRAFT, **fields: Any) -> Plan:
    """A plan made now, with its digest."""
    plan = Plan(
        "plan-1",
        "inc-1",
        "cancel",
        "postgres.cancel",
        {"pid": "7"},
        draft,
        Approvers.ONCALL,
        "UASK",
        NOW,
        NOW + APPROVAL_EXPIRES_AFTER,
    )
    plan = replace(plan, **fields)
    return replace(plan, digest=digest_of(plan.remedy, plan.arguments, plan.draft))


@pytest.fixture
def a_plan() -> Callable[..., Plan]:
    """Builds plans."""
    return build_plan
