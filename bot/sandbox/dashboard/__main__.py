"""`python -m bot.sandbox.dashboard --port N --state DIR`: Streamlit until SIGTERM, and one first visitor."""

from __future__ import annotations

import argparse
import logging
import shutil
import threading
import time
from pathlib import Path

LOG = logging.getLogger("visitor")
TRY_EVERY_S, TRIES = 1.0, 30
OPTIONS = {
    "server.address": "127.0.0.1",
    "server.headless": "true",
    "server.enableStaticServing": "true",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "global.developmentMode": "false",
}


def main() -> None:
    """Lay the app out in the part's folder and serve it."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.dashboard", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True, help="the part's folder")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    app = lay_out(given.state.resolve())
    from streamlit.web import cli  # before the visitor's thread: two that import Streamlit side by side lock up

    threading.Thread(target=pay_first_visit, args=(given.port,), name="visitor", daemon=True).start()
    options = [f"--{name}={value}" for name, value in {**OPTIONS, "server.port": str(given.port)}.items()]
    cli.main(["run", str(app), *options], prog_name="streamlit")  # it stops by itself at SIGTERM


def lay_out(folder: Path) -> Path:
    """The app's file in `folder`, beside an empty `static`: nobody has read anything yet."""
    shutil.rmtree(folder / "static", ignore_errors=True)
    (folder / "static").mkdir(parents=True)
    return Path(shutil.copy(Path(__file__).with_name("app.py"), folder / "app.py"))


def pay_first_visit(port: int) -> None:
    """Somebody looks in the morning: without a visit Streamlit runs nothing and the cache stays empty."""
    from bot.sandbox.dashboard.visit import AppFailed, visit

    for _ in range(TRIES):
        time.sleep(TRY_EVERY_S)
        try:
            visit(port)
        except (AppFailed, OSError, TimeoutError) as problem:
            LOG.info("not yet: %s", problem)
        else:
            LOG.info("the dashboard was looked at")
            return


if __name__ == "__main__":
    main()
