"""First floor of the Block Kit validator: what it reports."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that Slack would refuse: a JSON pointer, a code and a message in Slack's own words where known."""

    pointer: str
    code: str
    message: str
