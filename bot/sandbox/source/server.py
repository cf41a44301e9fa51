"""A throw-away PostgreSQL server: new data folder at every start, TCP on 127.0.0.1 only, scram passwords."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from bot.sandbox.source.binaries import reachable_programs, unprivileged_user
from bot.sandbox.source.passwords import SUPERUSER, connection_url, read_passwords

START_DEADLINE = 15.0
STOP_DEADLINE = 4.0
MARK = "server.json"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # nothing here outlives the sandbox
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "64MB",
    "max_connections": "50",
    "reserved_connections": "5",  # the bot still gets in when the application has taken all others
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_lock_waits": "on",
    "log_line_prefix": "%m [%p] %q%u %a ",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its process, port and the folder that is deleted with it."""

    process: subprocess.Popen[bytes]
    port: int
    home: Path

    def stop(self) -> None:
        """Disconnect everybody and end the server (fast shutdown); the data folder is deleted."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_DEADLINE)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)


def start_server(state: Path, port: int) -> Server:
    """Initialise and start a server for the sandbox of `state`; raises RuntimeError when it does not come up.

    What a killed sandbox left behind (a server still running, its data folder) is ended and deleted first.
    """
    sweep_leftovers(state)
    home = make_home(state)
    try:
        programs = reachable_programs(home)
        data = initialise(programs, home, read_passwords(state)[SUPERUSER])
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise
    options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    command = [str(programs / "postgres"), "-D", str(data), "-p", str(port), *options]
    server = Server(spawn(command), port, home)
    try:
        wait_until_connectable(server, connection_url(state, port, SUPERUSER, "postgres"))
    except BaseException:
        server.stop()
        raise
    return server


def make_home(state: Path) -> Path:
    """A new folder for data (and, as root, programs) that the server's account owns; noted in `state`.

    As root it lies in the system's temporary folder, since `nobody` may not be able to enter `state`.
    """
    user = unprivileged_user()
    home = Path(tempfile.mkdtemp(prefix="runbook-source-", dir=None if user else state))
    if user:
        os.chown(home, user.pw_uid, user.pw_gid)
    (state / MARK).write_text(json.dumps({"home": str(home)}))
    return home


def initialise(programs: Path, home: Path, password: str) -> Path:
    """Run initdb; the superuser's password travels in a file that is deleted right after."""
    data, password_file = home / "data", home / "superuser"
    password_file.touch(0o600)
    password_file.write_text(password)
    if user := unprivileged_user():
        os.chown(password_file, user.pw_uid, user.pw_gid)
    command = [str(programs / "initdb"), "-D", str(data), "-U", SUPERUSER, "--auth=scram-sha-256"]
    command += [f"--pwfile={password_file}", "--encoding=utf8", "--locale=C", "--no-sync"]
    running = spawn(command)
    try:
        code = running.wait()
    except BaseException:
        running.kill()  # or it would go on writing into the folder that is being deleted
        running.wait()
        raise
    if code:
        raise RuntimeError(f"initdb ended with code {code}; its output is above")
    password_file.unlink()
    return data


def spawn(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a program as the server's account, away from our terminal, its output on our stderr."""
    user = unprivileged_user()
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        stderr=sys.stderr,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
    )


def wait_until_connectable(server: Server, url: str) -> None:
    """Return once a login works; RuntimeError when the server ends or takes too long."""
    deadline = time.monotonic() + START_DEADLINE
    problem = ""
    while server.process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg2.connect(url, connect_timeout=2).close()
        except psycopg2.OperationalError as error:
            problem = str(error).strip()
            time.sleep(0.03)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not come up on port {server.port}: {problem or 'it ended; see its log above'}")


def sweep_leftovers(state: Path) -> None:
    """End the server that a killed sandbox of this state left running, and delete its folder."""
    mark = state / MARK
    if not mark.exists():
        return
    home = Path(json.loads(mark.read_text())["home"])
    pid_file = home / "data" / "postmaster.pid"
    if home.name.startswith("runbook-source-") and home.is_dir():
        if pid_file.exists():
            end_stale_server(int(pid_file.read_text().split()[0]), home)
        shutil.rmtree(home, ignore_errors=True)
    mark.unlink()


def end_stale_server(pid: int, home: Path) -> None:
    """SIGQUIT the process if it is a server of this very folder (the pid may have been reused since)."""
    shown = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    if str(home) not in shown.stdout:
        return
    os.kill(pid, signal.SIGQUIT)
    deadline = time.monotonic() + STOP_DEADLINE
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
