"""`python -m bot.sandbox.airflow --port N --state DIR`: Airflow, until SIGTERM (exit 0) or a crash (1)."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from bot.sandbox.airflow.configuration import VARIABLES, Home, connections, server_settings, write_passwords
from bot.sandbox.airflow.metadata import find_template, provide_database, set_variables
from bot.sandbox.airflow.processes import start_components, stop_components, watch_components


def main() -> int:
    """Start the three processes, wait for a signal or a crash, stop them all."""
    home = _read_arguments()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    home.folder.mkdir(parents=True, exist_ok=True)
    write_passwords(home.passwords)
    variables = {**os.environ, **server_settings(home), **connections(os.environ)}
    provide_database(home.database, find_template(), variables)
    set_variables(home.database, VARIABLES)
    components = start_components(variables)
    try:
        crash = watch_components(components, stopping.wait)
    finally:
        stop_components(components)
    if crash:
        print(f"{crash}; its last lines are above", file=sys.stderr)
    return 1 if crash else 0


def _read_arguments() -> Home:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.airflow", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="the API server's port on 127.0.0.1")
    parser.add_argument("--state", type=Path, required=True, help="the part's folder")
    given = parser.parse_args()
    return Home(folder=given.state.resolve(), port=given.port)


if __name__ == "__main__":
    sys.exit(main())
