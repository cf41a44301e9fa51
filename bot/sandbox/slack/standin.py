"""Fourth floor of the stand-in: one workspace with all its parts, wired together (no routes)."""

import time
from pathlib import Path

from bot.sandbox.slack.changes import Change, Feed
from bot.sandbox.slack.delivery import Deliverer
from bot.sandbox.slack.events import callback, events_for
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.files import Files
from bot.sandbox.slack.hooks import Hooks
from bot.sandbox.slack.http_delivery import HttpDelivery
from bot.sandbox.slack.journal import Delivery, Journal
from bot.sandbox.slack.judge import Abilities
from bot.sandbox.slack.limits import Limiter
from bot.sandbox.slack.manifest import Manifest
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.seed import ALERTING_APP, App, runbook_app
from bot.sandbox.slack.settings import Settings
from bot.sandbox.slack.socket_mode import SocketMode
from bot.sandbox.slack.triggers import Triggers
from bot.sandbox.slack.views import Views
from bot.sandbox.slack.workspace import Workspace

CHANGES_KEPT = 5_000


class Standin:
    """Everything behind the routes. `base_url` is where it listens, without a trailing slash."""

    def __init__(self, manifest: Manifest, settings: Settings, base_url: str, state: Path | None = None) -> None:
        self.settings = settings
        self.base_url = base_url
        self.bot: App = runbook_app(manifest)
        self.feed = Feed(CHANGES_KEPT, settings.listener_queue)
        self.workspace = Workspace((self.bot, ALERTING_APP), self.feed, time.time)
        self.tokens = {app.bot_token: app for app in self.workspace.apps.values()}
        self.app_tokens = {app.app_token: app for app in self.workspace.apps.values() if app.app_token}
        self.views = Views(self.feed)
        self.triggers = Triggers(settings.trigger_lives)
        self.files = Files(time.monotonic, state / "files" if state else None, settings.file_processing)
        self.abilities = Abilities(self.files.usable, settings.unknown_blocks)
        self.hooks = Hooks(self.workspace, settings, self.abilities)
        self.journal = Journal(settings.journal)
        self.limiter = Limiter(settings)
        self.faults = Faults()
        self.sockets = SocketMode(settings, self.faults)
        self.deliverer = Deliverer(settings, self.journal, self.faults, self.sockets)
        self.http: HttpDelivery | None = None
        self.feed.on_change(self._deliver_change)
        self.deliverer.on_outcome = self._publish_outcome
        self.sockets.on_change = lambda app_id, open_now: self.feed.publish(
            "connections", {"app": app_id, "open": open_now}
        )

    async def use_socket_mode(self) -> None:
        """Deliver through the websockets that the app opens."""
        self.deliverer.carrier = self.sockets
        await self._drop_http()

    async def use_http(self, url: str, *, verify: bool) -> None:
        """Deliver by signed HTTP to `url`. Refusal url_not_verified when it does not answer the challenge."""
        http = HttpDelivery(self.settings, url)
        problem = await http.verify(self.bot) if verify else None
        if problem:
            await http.stop()
            raise Refusal("url_not_verified", problem)
        await self._drop_http()
        self.http = http
        self.deliverer.carrier = http

    async def stop(self) -> None:
        """Close every connection; nothing is delivered after this."""
        self.deliverer.stop()
        self.feed.close()
        await self.sockets.stop()
        await self._drop_http()

    async def _drop_http(self) -> None:
        if self.http is not None:
            await self.http.stop()
            self.http = None

    def _deliver_change(self, change: Change) -> None:
        for event in events_for(self.bot, self.workspace, change):
            self.deliverer.deliver_event(self.bot, callback(self.bot, event, int(self.workspace.clock())))

    def _publish_outcome(self, delivery: Delivery) -> None:
        told = {"kind": delivery.kind, "id": delivery.id, "outcome": delivery.outcome}
        self.feed.publish("delivery", {**told, "reason": delivery.reason, "attempts": delivery.attempts})
