"""Both ends of the road: what /metrics says of Slack: calls and their times, messages heard, listeners that failed."""

from prometheus_client import Counter, Histogram

CALLS = Counter("runbook_slack_calls", "Web API calls by method and how they ended", ["method", "outcome"])
CALL_SECONDS = Histogram(
    "runbook_slack_call_seconds",
    "How long Slack took to answer a Web API call",
    ["method"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
MESSAGES = Counter("runbook_slack_messages", "Messages of watched channels by what they were", ["kind"])
FAILURES = Counter("runbook_listener_failures", "Listeners that failed with a bug, by what they did", ["work"])
