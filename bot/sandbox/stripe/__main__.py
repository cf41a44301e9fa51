"""`python -m bot.sandbox.stripe --port N`: the Stripe stand-in, until SIGTERM (exit 0)."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from bot.sandbox.stripe.ledger import Ledger
from bot.sandbox.stripe.server import Server


def main() -> int:
    """Serve until SIGTERM or SIGINT; 0 then, 2 when the port cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.stripe", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="where to listen on 127.0.0.1")
    parser.add_argument("--source-port", type=int, required=True, help="the source database's port")
    parser.add_argument("--source-state", type=Path, required=True, help="the source's folder, which holds passwords")
    given = parser.parse_args()
    try:
        asyncio.run(_serve(Server(Ledger(given.source_state, given.source_port), given.port)))
    except OSError as error:
        print(f"cannot listen on 127.0.0.1:{given.port}: {error}", file=sys.stderr)
        return 2
    return 0


async def _serve(server: Server) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await server.start()
    print(f"Stripe stand-in at {server.url}", flush=True)
    await stop.wait()
    await server.stop()


if __name__ == "__main__":
    sys.exit(main())
