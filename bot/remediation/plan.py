"""Stage 8: offer → plan: the exact commands, their blast radius, and the digest that an approval binds."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic_core import to_jsonable_python

from bot.playbooks.reply import Approvers, InputField
from bot.remediation.remedy import Draft

APPROVAL_EXPIRES_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Plan:
    """The exact commands of a remedy; nothing has been run.

    `resolves` says that the incident is over once it is seen to have helped. Expires at `expires_at`. `draft.commands`
    is empty when nothing needs changing: such a plan is shown, never approved.
    """

    id: str
    incident: str
    offer: str
    remedy: str
    arguments: Mapping[str, Any]
    draft: Draft
    approve: Approvers
    requested_by: str
    made_at: datetime
    expires_at: datetime
    inputs: tuple[InputField, ...] = ()
    label: str = ""
    digest: str = ""
    resolves: bool = True


def digest_of(remedy: str, arguments: Mapping[str, Any], draft: Draft) -> str:
    """SHA-256 (hex) over what would be run, on what, with which inputs: the same state gives the same digest."""
    commands = [[command.operation, command.text, dict(command.arguments)] for command in draft.commands]
    # In the shape in which the store keeps them: a plan that was read back has the digest that people saw.
    shown = to_jsonable_python([remedy, dict(arguments), draft.target, commands], fallback=str)
    body = json.dumps(shown, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def is_unchanged(plan: Plan, fresh: Draft) -> bool:
    """True when planning again, on the state of now, gives exactly the plan that people saw."""
    return digest_of(plan.remedy, plan.arguments, fresh) == plan.digest


def expired(plan: Plan, now: datetime) -> bool:
    """True when the plan is too old to be approved."""
    return now >= plan.expires_at
