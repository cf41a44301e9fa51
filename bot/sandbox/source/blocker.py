"""An application session that forgot to commit: the cause of the incident `break postgres-lock`.

`python -m bot.sandbox.source.blocker --port N --state DIR` begins a migration as the shop's application
(ALTER TABLE orders: an ACCESS EXCLUSIVE lock) and stays idle in that transaction until the server ends its
session, the server goes away, or SIGTERM. It prints one line once it holds the lock.
"""

from __future__ import annotations

import argparse
import select
import signal
import sys
from pathlib import Path
from types import FrameType

import psycopg2
from psycopg2.extensions import connection

from bot.sandbox.source.passwords import connection_url

APPLICATION = "checkout-migration"
MIGRATION = "ALTER TABLE orders ADD COLUMN checkout_channel text"


def main() -> int:
    """Take the lock and hold it; always 0, since being ended is what it is for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True, help="the source's own folder (passwords.json)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, leave)
    session = psycopg2.connect(
        connection_url(options.state, options.port, "shop_app"),
        application_name=APPLICATION,
        connect_timeout=5,
    )
    try:
        with session.cursor() as cursor:
            cursor.execute(MIGRATION)
        print(f"backend {session.info.backend_pid} holds orders", flush=True)
        wait_for_end(session)
        print("the server ended the session", flush=True)
    finally:
        session.close()
    return 0


def wait_for_end(session: connection) -> None:
    """Block until the server ends the session, however it does."""
    while True:
        select.select([session], [], [])
        try:
            session.poll()
        except psycopg2.Error:
            return


def leave(_number: int, _frame: FrameType | None) -> None:
    """SIGTERM: the session closes, the server rolls the migration back."""
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
