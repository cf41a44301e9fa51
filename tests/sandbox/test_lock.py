"""The state lock: one sandbox a folder, and a dead one does not block."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bot.sandbox.errors import SandboxError
from bot.sandbox.lock import hold_state, is_held


def test_a_second_sandbox_is_refused_and_told_which_process_holds(tmp_path):
    """The refusal names the process and the way out."""
    with hold_state(tmp_path), pytest.raises(SandboxError, match=rf"process {os.getpid()}.*--state"):
        hold_state(tmp_path).__enter__()


def test_the_state_is_free_afterwards(tmp_path):
    """Leaving the block frees the state, and the file that stays is no obstacle."""
    with hold_state(tmp_path):
        assert is_held(tmp_path)
    assert not is_held(tmp_path)
    with hold_state(tmp_path):
        assert (tmp_path / "lock").read_text() == str(os.getpid())


def test_a_stale_lock_file_is_recognised(tmp_path):
    """A file that names a process which is gone, or one that never held it, does not block."""
    (tmp_path / "lock").write_text("1")
    with hold_state(tmp_path):
        assert is_held(tmp_path)


def test_nothing_runs_on_a_folder_that_is_not_there(tmp_path):
    """A state that never was is simply not held."""
    assert not is_held(tmp_path / "absent")


def test_children_that_keep_the_descriptor_keep_the_lock(tmp_path, until):
    """With its supervisor dead the state stays held until the last leash is gone; then a new one gets it."""
    with hold_state(tmp_path) as lock:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(lock,))
    (tmp_path / "lock").write_text("999999999")  # the supervisor that started the child is gone
    assert is_held(tmp_path)
    with pytest.raises(SandboxError, match="do not end"):
        hold_state(tmp_path, patience=0.2).__enter__()
    child.communicate(b"\n")
    until(lambda: not is_held(tmp_path))
