"""Second floor of the stand-in: one channel's messages, indexed by ts, its threads and its pages of history. Pure."""

from bisect import bisect_left, bisect_right, insort
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.refusal import Refusal

Message = dict[str, Any]
EPHEMERALS_KEPT = 2_000


@dataclass(slots=True)
class Channel:
    """A conversation. `messages` maps ts to the wire message; `top` and `threads` hold sorted ts lists."""

    id: str
    name: str
    created: int = 0
    is_private: bool = False
    is_im: bool = False
    is_archived: bool = False
    topic: str = ""
    members: set[str] = field(default_factory=set)
    messages: dict[str, Message] = field(default_factory=dict)
    top: list[str] = field(default_factory=list)
    threads: dict[str, list[str]] = field(default_factory=dict)
    ephemerals: deque[Message] = field(default_factory=lambda: deque(maxlen=EPHEMERALS_KEPT))

    @property
    def kind(self) -> str:
        """Slack's `channel_type`: channel, group or im."""
        return "im" if self.is_im else "group" if self.is_private else "channel"

    def find(self, ts: str) -> Message:
        """The message of that ts; Refusal message_not_found."""
        try:
            return self.messages[ts]
        except KeyError:
            raise Refusal("message_not_found", f"no message {ts!r} in {self.id}") from None

    def add(self, message: Message) -> None:
        """File a message, in its thread when it has another message's thread_ts."""
        ts, root = message["ts"], message.get("thread_ts")
        self.messages[ts] = message
        if root is None or root == ts:
            insort(self.top, ts)
            return
        insort(self.threads.setdefault(root, []), ts)
        if message.get("subtype") == "thread_broadcast":
            insort(self.top, ts)
        self._count_replies(root)

    def remove(self, ts: str) -> Message:
        """Take a message out; a thread's root with replies stays as a tombstone, as in Slack."""
        message = self.find(ts)
        root = message.get("thread_ts")
        if self.threads.get(ts):
            tombstone: Message = {
                "type": "message",
                "subtype": "tombstone",
                "text": "This message was deleted.",
                "ts": ts,
            }
            tombstone |= {"user": "USLACKBOT", "hidden": True, "thread_ts": ts}
            self.messages[ts] = tombstone
            self._count_replies(ts)
            return message
        del self.messages[ts]
        _drop(self.top, ts)
        if root and root != ts:
            _drop(self.threads.get(root, []), ts)
            self._count_replies(root)
        return message

    def page(
        self, stamps: list[str], *, oldest: str, latest: str, inclusive: bool, limit: int, newest_first: bool
    ) -> tuple[list[Message], bool]:
        """Up to `limit` messages of `stamps` between two ts, and whether more are left."""
        start = (bisect_left if inclusive else bisect_right)(stamps, oldest) if oldest else 0
        end = (bisect_right if inclusive else bisect_left)(stamps, latest) if latest else len(stamps)
        if newest_first:
            chosen = stamps[max(start, end - limit) : end][::-1] if end > start else []
        else:
            chosen = stamps[start : min(end, start + limit)]
        return [self.messages[ts] for ts in chosen], end - start > limit

    def _count_replies(self, root: str) -> None:
        message = self.messages.get(root)
        if message is None:
            return
        replies = self.threads.get(root, [])
        authors = dict.fromkeys(
            self.messages[ts].get("user") or self.messages[ts].get("bot_id") for ts in replies[-50:]
        )
        message |= {"thread_ts": root, "reply_count": len(replies), "reply_users_count": len(authors)}
        message |= {"latest_reply": replies[-1] if replies else root, "reply_users": [a for a in authors if a][:5]}
        message |= {"is_locked": False, "subscribed": False}


def _drop(stamps: list[str], ts: str) -> None:
    at = bisect_left(stamps, ts)
    if at < len(stamps) and stamps[at] == ts:
        del stamps[at]
