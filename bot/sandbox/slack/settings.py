"""First floor of the stand-in: the times, counts and limits that it enforces, as one frozen value."""

from dataclasses import dataclass

TEAM_ID = "T0SANDBOX"
TEAM_NAME = "sandbox"


@dataclass(frozen=True, slots=True)
class Settings:
    """Slack's own numbers by default (docs.slack.dev); tests and benchmarks shorten or widen them.

    Times are seconds. `retry_after` are the waits before the 1st, 2nd, 3rd redelivery of an event, counted from the
    moment the delivery before it was found to have failed. `unknown_blocks` are types that this workspace does not take
    yet: Slack rolls new blocks out in phases.
    """

    ack_within: float = 3.0
    retry_after: tuple[float, ...] = (0.0, 60.0, 300.0)
    trigger_lives: float = 3.0
    response_url_lives: float = 1800.0
    response_url_uses: int = 5
    message_rate: float = 1.0
    message_burst: int = 3
    rate_limits: bool = True
    journal: int = 20_000
    listener_queue: int = 10_000
    file_processing: float = 0.0
    unknown_blocks: tuple[str, ...] = ()
    sockets_per_app: int = 10
