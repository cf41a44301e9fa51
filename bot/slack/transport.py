"""Both ends of the road: one Web API call, repeated where that is harmless, its errors made ours."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol

import aiohttp
import stamina
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import IntegrationError, Unreachable
from bot.slack.methods import Method
from bot.slack.metrics import CALL_SECONDS, CALLS
from bot.slack.refusals import SYSTEM, NotSent, RateLimited, translate

Payload = Mapping[str, Any]
_ATTEMPTS = 4
_LONGEST_WAIT_S = 30.0  # a caller that waits for its own answer gives up where Slack asks for more
_MOST_PAGES = 20


class Caller(Protocol):
    """One Web API call."""

    async def call(self, method: Method, payload: Payload) -> Payload:
        """Slack's answer. Raises IntegrationError with the reason."""
        ...


class Transport:
    """Calls Slack. Brief failures are retried; a post is repeated only when it surely was not sent."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def call(self, method: Method, payload: Payload) -> Payload:
        """As `once`, and waits where Slack asks for at most 30 s."""

        def again(error: Exception) -> bool | float:
            if isinstance(error, RateLimited):
                return error.retry_after_s if error.retry_after_s <= _LONGEST_WAIT_S else False
            return _is_worth_repeating(method, error)

        return await self._repeated(method, payload, again)

    async def send(self, method: Method, payload: Payload) -> Payload:
        """As `once`, and repeats after brief failures, but RateLimited goes to the outbox, which paces by it."""
        return await self._repeated(method, payload, lambda error: _is_worth_repeating(method, error))

    async def _repeated(self, method: Method, payload: Payload, again: Any) -> Payload:
        attempts = stamina.retry_context(on=again, attempts=_ATTEMPTS, timeout=45.0, wait_initial=0.2, wait_max=3.0)
        async for attempt in attempts:
            with attempt:
                return await self.once(method, payload)
        raise AssertionError("stamina ends by returning or raising")  # pragma: no cover

    async def once(self, method: Method, payload: Payload) -> Payload:
        """One call. Raises RateLimited, Unreachable, AccessDenied, NotFound or SlackRefused."""
        with CALL_SECONDS.labels(method.value).time():
            try:
                answer = await self._ask(method, payload)
            except Unreachable as error:
                limited = isinstance(error, RateLimited)
                CALLS.labels(method.value, "rate_limited" if limited else "unreachable").inc()
                raise
            except IntegrationError:
                CALLS.labels(method.value, "refused").inc()
                raise
        CALLS.labels(method.value, "ok").inc()
        return answer

    async def _ask(self, method: Method, payload: Payload) -> Payload:
        arguments: dict[str, Any] = {"params": _form(payload)} if method.is_form else {"json": dict(payload)}
        try:
            response = await self._client.api_call(method.value, **arguments)
        except SlackApiError as error:
            raise translate(error, method.value) from error
        except aiohttp.ClientConnectorError as error:
            raise NotSent(SYSTEM, f"{method.value}: no connection ({type(error).__name__})") from error
        except (aiohttp.ClientError, TimeoutError, SlackClientError) as error:
            raise Unreachable(SYSTEM, f"{method.value}: no answer ({type(error).__name__})") from error
        return response.data if isinstance(response.data, dict) else {}


def _is_worth_repeating(method: Method, error: Exception) -> bool:
    if isinstance(error, NotSent):
        return True
    return method.may_repeat and isinstance(error, Unreachable) and not isinstance(error, RateLimited)


def _form(payload: Payload) -> dict[str, str | int]:
    """Form values: Slack reads `true` and `false`."""
    return {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in payload.items()
        if value not in ("", None)
    }


async def pages(caller: Caller, method: Method, payload: Payload, most: int = _MOST_PAGES) -> AsyncIterator[Payload]:
    """Every page of a listing, following Slack's cursor; at most `most` of them."""
    cursor = ""
    for _ in range(most):
        page = await caller.call(method, {**payload, "cursor": cursor} if cursor else payload)
        yield page
        metadata = page.get("response_metadata")
        cursor = str(metadata.get("next_cursor") or "") if isinstance(metadata, Mapping) else ""
        if not cursor:
            return
