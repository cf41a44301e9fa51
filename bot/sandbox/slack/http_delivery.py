"""Third floor of the stand-in: signed HTTP delivery to the app's request URL."""

import asyncio
import json
import time
from collections.abc import Callable
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.slack.delivery import Ack, Envelope
from bot.sandbox.slack.seed import App
from bot.sandbox.slack.settings import Settings
from bot.sandbox.slack.signing import signature

IN_FLIGHT = 1_000
FORM = "application/x-www-form-urlencoded"


class HttpDelivery:
    """The carrier for apps with a request URL; at most `IN_FLIGHT` requests at a time, more fail at once."""

    name = "http"

    def __init__(self, settings: Settings, url: str) -> None:
        self._settings = settings
        self._url = url
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, app: App, envelope: Envelope, done: Callable[[Ack], None]) -> None:
        """POST the envelope in a task of its own."""
        if len(self._tasks) >= IN_FLIGHT:
            asyncio.get_running_loop().call_soon(done, Ack(False, "connection_failed"))
            return
        task = asyncio.create_task(self._post_and_tell(app, envelope, done))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def verify(self, app: App) -> str | None:
        """Send url_verification; None when the app answered the challenge, else what was wrong."""
        challenge = "sandbox-challenge"
        body = {"type": "url_verification", "token": "sandbox", "challenge": challenge}
        ack = await self._post(app, Envelope("", "events_api", json.dumps(body)))
        got = ack.body.get("challenge") if isinstance(ack.body, dict) else ack.body
        if ack.ok and got == challenge:
            return None
        return f"{self._url} did not answer the challenge: {ack.reason or 'it answered'} {got!r}"

    async def stop(self) -> None:
        """End what is in flight and close the connections."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _post_and_tell(self, app: App, envelope: Envelope, done: Callable[[Ack], None]) -> None:
        try:
            ack = await self._post(app, envelope)
        except asyncio.CancelledError:
            done(Ack(False, "connection_failed"))  # whoever clicked must not wait for ever
            raise
        done(ack)

    async def _post(self, app: App, envelope: Envelope) -> Ack:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=self._settings.ack_within)
            self._session = aiohttp.ClientSession(timeout=timeout)
        body, content_type = _body(envelope)
        timestamp = int(time.time())
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": str(timestamp),
            "X-Slack-Signature": signature(app.signing_secret, timestamp, body),
        }
        if envelope.retry:
            headers |= {"X-Slack-Retry-Num": str(envelope.retry), "X-Slack-Retry-Reason": envelope.retry_reason}
        try:
            async with self._session.post(self._url, data=body, headers=headers, allow_redirects=False) as response:
                return _ack(response, await response.text())
        except TimeoutError:
            return Ack(False, "http_timeout")
        except aiohttp.ClientError as error:
            return Ack(False, "connection_failed", body=str(error))


def _body(envelope: Envelope) -> tuple[bytes, str]:
    """Events travel as JSON, interactions as form field `payload`, commands as form fields of their own."""
    if envelope.kind == "events_api":
        return envelope.payload.encode(), "application/json"
    if envelope.kind == "interactive":
        return urlencode({"payload": envelope.payload}).encode(), FORM
    return urlencode(json.loads(envelope.payload)).encode(), FORM


def _ack(response: aiohttp.ClientResponse, text: str) -> Ack:
    no_retry = response.headers.get("X-Slack-No-Retry") == "1"
    if response.status != 200:
        return Ack(False, "http_error", body=f"{response.status} {text[:200]}", no_retry=no_retry)
    if "json" in response.headers.get("Content-Type", ""):
        try:
            return Ack(True, body=json.loads(text))
        except ValueError:
            return Ack(True, body=text)
    return Ack(True, body=text or None)
