"""`python -m bot.sandbox.source --port N --state DIR`: run the source database until SIGTERM (exit 0)."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType

from bot.sandbox.source.part import READY
from bot.sandbox.source.passwords import make_passwords
from bot.sandbox.source.populate import populate
from bot.sandbox.source.server import Server, start_server


def main() -> int:
    """Start, fill, run; 0 after SIGTERM or Ctrl-C, 1 when the server ended by itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True, help="the source's own folder")
    options = parser.parse_args()
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, leave)
    state = options.state.absolute()
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_passwords(state)
    (state / READY).unlink(missing_ok=True)
    server = start_server(state, options.port)
    try:
        return run(server, state)
    finally:
        (state / READY).unlink(missing_ok=True)
        server.stop()


def run(server: Server, state: Path) -> int:
    """Fill the database, then stay until the server ends (that is a crash) or a signal leaves."""
    populate(state, server.port)
    (state / READY).touch()
    print(f"source database is ready on 127.0.0.1:{server.port}", flush=True)
    code = server.process.wait()
    print(f"PostgreSQL ended by itself with code {code}", file=sys.stderr, flush=True)
    return 1


def leave(_number: int, _frame: FrameType | None) -> None:
    """Leave through every `finally` once; further signals must not interrupt the clean-up."""
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, signal.SIG_IGN)
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
