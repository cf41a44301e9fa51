"""Start the stand-in: `python -m bot.sandbox.warehouse --port N --keys DIR [--state DIR]`."""

import argparse
import gc
import logging
import os
import signal
import sys
import tempfile
import threading
import warnings
from pathlib import Path

_TICK_SECONDS = 0.2
# The connector takes a missing AWS SDK as "not installed"; it is never used here and costs 0.6 s to import.
_NOT_IMPORTED = ("boto3", "botocore")


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="bot.sandbox.warehouse")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--keys", type=Path, required=True, help="folder with <USER>.pub files")
    parser.add_argument("--state", type=Path, help="folder for staged files; a temporary one when not given")
    arguments = parser.parse_args()
    # uvicorn stops gracefully, then raises the signal again for whoever handled it before: us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    if arguments.state:
        arguments.state.mkdir(parents=True, exist_ok=True)
        # fakesnow makes its stage folder in the temporary directory while it is imported.
        tempfile.tempdir = os.fspath(arguments.state.resolve())
    serve(arguments.port, arguments.keys.resolve())


def serve(port: int, keys: Path) -> None:
    """Plant the account and answer on 127.0.0.1:port."""
    gc.disable()  # what is made now stays: collecting meanwhile costs a fifth of the start
    sys.modules.update(dict.fromkeys(_NOT_IMPORTED))  # type: ignore[arg-type] # None is how Python marks a hidden module
    import uvicorn

    from bot.sandbox.warehouse import control_api, seeds, server
    from bot.sandbox.warehouse.account import open_account, tick
    from bot.sandbox.warehouse.errors import cancelled

    logging.getLogger("sqlglot").setLevel(logging.ERROR)  # it warns of every GRANT that it keeps as text
    warnings.filterwarnings("ignore", "Arrow output on a DB-API result", UserWarning)  # fakesnow's way, not ours
    account = open_account(keys)
    seeds.plant(account)
    gc.enable()
    gc.freeze()
    wire = server.Wire(account)
    stop = threading.Event()

    def keep_time() -> None:
        while not stop.wait(_TICK_SECONDS):
            tick(wire.account)

    threading.Thread(target=keep_time, name="tick", daemon=True).start()
    app = server.build(wire, control_api.routes(wire))
    try:
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=2)
    finally:
        stop.set()
        for job in wire.account.jobs.all():
            job.stop(cancelled())
        wire.threads.shutdown(wait=False, cancel_futures=True)


if __name__ == "__main__":
    main()
