"""The stand-in as a process: health, a clean end, its state folder, and what it may import."""

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bot.sandbox.slack.control import Workspace

pytestmark = pytest.mark.process

MANIFEST = Path(__file__).parents[3] / "manifest.yml"
# Everything of the bot's environment that the part's own environment does not have.
ALONE = "import runpy, sys; sys.modules.update(dict.fromkeys(('httpx', 'slack_sdk', 'slack_bolt', 'pydantic')))"
PROGRAM = f"{ALONE}; sys.argv[0] = 'slack'; runpy.run_module('bot.sandbox.slack', run_name='__main__')"


@pytest.fixture
def run():
    """Start the process with these arguments; its URL and itself. Ended after the test."""
    started = []

    def start(*arguments):
        command = [sys.executable, "-c", PROGRAM, "--port", "0", *map(str, arguments)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        line = process.stdout.readline()
        return (line.split()[3] if line else ""), process

    yield start
    for process in started:
        process.kill()
        process.communicate(timeout=60)


def test_it_serves_ends_and_comes_back(run, tmp_path):
    """With aiohttp and yaml alone it answers /healthz, ends on SIGTERM with 0, and keeps its messages."""
    url, process = run("--manifest", MANIFEST, "--state", tmp_path)
    assert httpx.get(f"{url}/healthz").status_code == 200
    with Workspace(url) as people:
        ts = people.say("C0ALERTS", "remember me", app="airflow")
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    url, process = run("--manifest", MANIFEST, "--state", tmp_path)
    with Workspace(url) as people:
        assert [message["ts"] for message in people.messages("C0ALERTS")] == [ts]


def test_what_it_cannot_use_is_said(run, tmp_path):
    """A missing manifest and a broken state end it with 2 and a sentence on stderr."""
    _, process = run("--manifest", tmp_path / "none.yml")
    assert (process.wait(60), "cannot be read" in process.stderr.read()) == (2, True)
    (tmp_path / "workspace.json").write_text("{", encoding="utf-8")
    _, process = run("--manifest", MANIFEST, "--state", tmp_path)
    assert (process.wait(60), "delete it to start anew" in process.stderr.read()) == (2, True)


def test_the_client_needs_no_server():
    """control.py is importable where aiohttp and yaml are not."""
    blocked = "import sys; sys.modules['aiohttp'] = sys.modules['yaml'] = None; import bot.sandbox.slack.control"
    subprocess.run([sys.executable, "-c", blocked], check=True, timeout=60)
