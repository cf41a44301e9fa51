"""One Web API call: what is repeated, what is not, and which error of ours says what Slack said."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.errors import AccessDenied, NotFound, Refused, Unreachable
from bot.slack.methods import Method
from bot.slack.refusals import NotSent, RateLimited, SlackRefused, translate
from bot.slack.transport import Transport, pages


class Response(dict[str, Any]):
    """An answer as the SDK holds it."""

    def __init__(self, data: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> None:
        super().__init__(data)
        self.data, self.status_code, self.headers = data, status, headers or {}


class Client:
    """Answers `api_call` from a list; the last answer stays."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.calls: list[tuple[str, dict[str, Any]]] = []

    async def api_call(self, method: str, **arguments: Any) -> Response:
        self.calls.append((method, arguments))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return Response(answer)


def refused(error: str, status: int = 200, **headers: str) -> SlackApiError:
    """What the SDK raises for ok=false or another status."""
    return SlackApiError("no", Response({"ok": False, "error": error} if error else {}, status, headers))


DOWN = refused("", 503)
BROKEN = aiohttp.ServerDisconnectedError()


async def test_reads_go_as_a_form_and_writes_as_json() -> None:
    """Slack takes JSON only for methods that change something; empty values are left out of forms."""
    client = Client({"ok": True})
    await Transport(client).call(Method.REPLIES, {"channel": "C1", "include_all_metadata": True, "cursor": ""})
    await Transport(client).call(Method.UPDATE, {"channel": "C1"})
    assert client.calls == [
        ("conversations.replies", {"params": {"channel": "C1", "include_all_metadata": "true"}}),
        ("chat.update", {"json": {"channel": "C1"}}),
    ]


@pytest.mark.parametrize("failure", [DOWN, BROKEN, TimeoutError(), refused("internal_error")], ids=repr)
async def test_brief_failures_are_retried(failure: Exception) -> None:
    """An edit is made again after Slack's own failures and after lost connections."""
    client = Client(failure, {"ok": True})
    assert await Transport(client).call(Method.UPDATE, {}) == {"ok": True}


@pytest.mark.parametrize("failure", [DOWN, BROKEN, TimeoutError()], ids=repr)
async def test_post_that_may_have_arrived_is_not_repeated(failure: Exception) -> None:
    """A post whose answer was lost is the caller's to judge: repeating it could show it twice."""
    client = Client(failure, {"ok": True})
    with pytest.raises(Unreachable):
        await Transport(client).send(Method.POST, {})
    assert len(client.calls) == 1


async def test_post_that_was_never_sent_is_repeated() -> None:
    """Without a connection nothing can have arrived."""
    key = aiohttp.client_reqrep.ConnectionKey("slack.test", 443, True, True, None, None, None)
    client = Client(aiohttp.ClientConnectorError(key, OSError("refused")), {"ok": True})
    assert await Transport(client).send(Method.POST, {}) == {"ok": True}


async def test_retries_end() -> None:
    """After four attempts the caller hears that Slack cannot be reached."""
    client = Client(DOWN)
    with pytest.raises(Unreachable):
        await Transport(client).call(Method.UPDATE, {})
    assert len(client.calls) == 4


async def test_rate_limit_is_waited_for_or_handed_on() -> None:
    """`call` waits as Slack asks; `send` leaves that to the outbox; too long a wait is told."""
    limited = refused("ratelimited", 429, **{"Retry-After": "3"})
    client = Client(limited, {"ok": True})
    assert await Transport(client).call(Method.REACT, {}) == {"ok": True}
    with pytest.raises(RateLimited) as caught:
        await Transport(Client(limited)).send(Method.UPDATE, {})
    assert caught.value.retry_after_s == 3.0
    long = Client(refused("ratelimited", 429, **{"retry-after": "120"}))
    with pytest.raises(RateLimited):
        await Transport(long).call(Method.REACT, {})
    assert len(long.calls) == 1


TRANSLATED: dict[str, tuple[SlackApiError, type[Exception], str]] = {
    "token": (refused("invalid_auth"), AccessDenied, "the token is not valid"),
    "membership": (refused("not_in_channel"), AccessDenied, "invite it with /invite"),
    "gone": (refused("message_not_found"), NotFound, "does not exist any more"),
    "other": (refused("invalid_blocks"), SlackRefused, "was refused: invalid_blocks"),
    "no connection": (refused("", 503), Unreachable, "http_503"),
    "odd retry-after": (refused("ratelimited", 429, **{"Retry-After": "soon"}), RateLimited, "wait 1 s"),
}


@pytest.mark.parametrize(("error", "kind", "words"), TRANSLATED.values(), ids=TRANSLATED)
def test_refusals_become_errors_of_ours(error: SlackApiError, kind: type[Exception], words: str) -> None:
    """Each answer has its error and a sentence that says what to do or where to look."""
    ours = translate(error, "chat.update")
    assert isinstance(ours, kind)
    assert words in str(ours)


def test_missing_scope_and_bad_blocks_say_which() -> None:
    """The scope that is lacking and the block that is wrong stand in the message."""
    scope = SlackApiError("no", Response({"error": "missing_scope", "needed": "reactions:write"}))
    assert "reactions:write" in str(translate(scope, "reactions.add"))
    blocks = {"error": "invalid_blocks", "response_metadata": {"messages": ["[ERROR] /blocks/3"]}}
    assert "/blocks/3" in str(translate(SlackApiError("no", Response(blocks)), "chat.update"))


@pytest.mark.parametrize(
    ("error", "is_lasting"),
    [
        (refused("channel_not_found"), True),
        (refused("not_in_channel"), True),
        (refused("msg_too_long"), True),
        (refused("ratelimited", 429), False),
        (refused("internal_error"), False),
        (DOWN, False),
    ],
)
def test_refusals_that_last_are_told_apart(error: SlackApiError, is_lasting: bool) -> None:
    """Whoever draws a card again knows whether trying once more is of any use."""
    assert isinstance(translate(error, "chat.postMessage"), Refused) is is_lasting


def test_not_sent_is_a_kind_of_unreachable() -> None:
    """Whoever handles an unreachable Slack handles this too."""
    assert issubclass(NotSent, Unreachable)


async def test_pages_follow_the_cursor_and_end(slack: Any) -> None:
    """Listings are read to their end, but no further than the limit."""
    more: Callable[[Any], dict[str, Any]] = lambda _: {"response_metadata": {"next_cursor": "n"}}  # noqa: E731 - a script
    slack.scripts[Method.HISTORY] = more
    assert len([page async for page in pages(slack, Method.HISTORY, {}, most=3)]) == 3
    assert [payload.get("cursor") for payload in slack.sent(Method.HISTORY)] == [None, "n", "n"]
