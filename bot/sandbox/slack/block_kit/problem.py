"""First floor of the Block Kit validator: what it reports, and the codes it uses."""

from dataclasses import dataclass

CONSTRAINT = "failed_constraint"
MISSING = "missing_field"
TYPE = "invalid_type"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that Slack would refuse.

    `pointer` is a JSON pointer to the value (for a missing field: to the object that lacks it). `message` is in
    Slack's own words where they are known: "must be less than 3001 characters", "no more than 50 items allowed",
    "missing required field: text", "invalid additional property: disabled", "`action_id` \\"x\\" already exists".
    """

    pointer: str
    code: str
    message: str
