"""The stand-in as a process: `python -m bot.sandbox.slack --port N --manifest PATH [--state DIR]`."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from bot.sandbox.slack.manifest import ManifestError, read_manifest
from bot.sandbox.slack.server import Server
from bot.sandbox.slack.settings import Settings
from bot.sandbox.slack.snapshot import SnapshotError


def main() -> int:
    """Serve until SIGTERM or SIGINT; 0 then, 2 when the manifest, state or port cannot be used."""
    options = _options()
    try:
        manifest = read_manifest(options.manifest)
    except ManifestError as error:
        print(error, file=sys.stderr)
        return 2
    settings = Settings(rate_limits=not options.no_rate_limits)
    try:
        asyncio.run(_serve(Server(manifest, settings, options.port, options.state)))
    except SnapshotError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"cannot listen on 127.0.0.1:{options.port}: {error}", file=sys.stderr)
        return 2
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.slack", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="where to listen on 127.0.0.1; 0 takes a free port")
    parser.add_argument("--manifest", type=Path, required=True, help="the app's manifest.yml")
    parser.add_argument(
        "--state", type=Path, help="folder for uploaded files and the workspace; memory only without it"
    )
    parser.add_argument("--no-rate-limits", action="store_true", help="for benchmarks: never answer 429 by itself")
    return parser.parse_args()


async def _serve(server: Server) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await server.start()
    print(f"Slack stand-in at {server.url} (Web API base {server.url}/api/)", flush=True)
    await stop.wait()
    await server.stop()


if __name__ == "__main__":
    sys.exit(main())
