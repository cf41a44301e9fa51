"""Stage 2: what an alert is, whatever tool posted it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Link:
    """A link as a person sees it: its label ("" when the URL was shown bare) and where it leads."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Alert:
    """A message read into one text.

    `text` is what a person sees in Slack, blocks and attachments included: Slack's escaping undone, links written as
    `label (url)`, one line per visual line. `fields` holds labelled values of attachments and blocks (lower-cased
    label ->
    value); `links` every link in order; `metadata` the event payload of Slack's message metadata, {} when there is
    none.
    `channel`, `ts` and `thread_ts` are Slack's own ids; "" for a text that did not come from Slack.
    `author` is the bot id or user id that posted it.
    """

    text: str
    channel: str = ""
    ts: str = ""
    thread_ts: str = ""
    author: str = ""
    links: tuple[Link, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, object] = field(default_factory=dict)
