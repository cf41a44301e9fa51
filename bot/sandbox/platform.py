"""A running platform for the command line and the end-to-end tests."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.sandbox import bot_part
from bot.sandbox.catalog import PARTS, describe_parts, forget_earlier
from bot.sandbox.errors import PartError, SandboxError
from bot.sandbox.lock import hold_state
from bot.sandbox.part import Context
from bot.sandbox.ports import choose_ports
from bot.sandbox.progress import Board
from bot.sandbox.record import Record, make_record, write_record
from bot.sandbox.supervisor import Supervisor, prepare_parts

REPOSITORY = Path(__file__).parents[2]
BotMode = Literal["socket", "http"]


@dataclass(frozen=True, slots=True)
class Platform:
    """What runs: `record` is the content of sandbox.json (URLs, logins, the bot's environment, pids)."""

    context: Context
    record: Record
    supervisor: Supervisor

    def wait(self) -> PartError:
        """Block until a part ends by itself, which none should."""
        return self.supervisor.wait()


@contextmanager
def start_platform(
    state: Path,
    *,
    parts: Sequence[str] = PARTS,
    serve: bool = True,
    bot_mode: BotMode = "socket",
    ports: Mapping[str, int | None] | None = None,
    board: Board | None = None,
) -> Iterator[Platform]:
    """Start `parts` (with what they depend on) and, with `serve`, the bot; yields when all are ready.

    Everything is stopped when the block ends, however it ends. Raises SandboxError when another sandbox runs on
    `state` or a port is taken, PartError when a part does not become ready. Environments are built below
    `.sandbox/environments` of the repository and shared by all states.
    """
    if not (REPOSITORY / "manifest.yml").exists():
        raise SandboxError("the sandbox runs from a checkout of the repository: it needs manifest.yml and playbooks/")
    state = state.absolute()
    with hold_state(state) as lock:
        (state / "sandbox.json").unlink(missing_ok=True)
        environments = REPOSITORY / ".sandbox" / "environments"
        context = Context(state, REPOSITORY, environments, choose_ports(ports or {}))
        described = describe_parts(context, [*parts, *(["slack"] if serve else [])])
        names = frozenset(part.name for part in described) | ({"bot"} if serve else set())
        board = board or Board()
        prepare_parts(context, described)
        context.folder("bot").mkdir(mode=0o700, exist_ok=True)
        forget_earlier(context, "bot")
        if serve:
            bot = bot_part.describe(context, names, bot_mode)
            prepare_parts(context, [bot])
            described.append(bot)
        supervisor = Supervisor(context, described, board, lock)
        try:
            supervisor.start()
            if serve and bot_mode == "http":
                deliver_over_http(context)
            record = make_record(context, names, supervisor.pids(), bot_mode)
            write_record(state, record)
            yield Platform(context, record, supervisor)
        finally:
            (state / "sandbox.json").unlink(missing_ok=True)
            supervisor.stop()


def deliver_over_http(context: Context) -> None:
    """Tell the Slack stand-in to post events to the bot's URL instead of its socket."""
    body = json.dumps({"mode": "http", "url": f"{context.url('bot')}/slack/events"}).encode()
    request = urllib.request.Request(  # noqa: S310 - our own http url
        f"{context.url('slack')}/control/delivery", body, {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310
