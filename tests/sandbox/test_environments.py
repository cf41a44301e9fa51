"""Environments: built once for a lock, by uv, with its words when it fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.sandbox.environments import build_environment, is_built, lock_file
from bot.sandbox.errors import PartError, SandboxError


@pytest.fixture
def context(families):
    """A repository of its own with a lock that needs nothing."""
    made = replace(families.context(), repository=families.folder / "repository")
    lock = lock_file(made, "empty")
    lock.parent.mkdir(parents=True)
    lock.write_text("")
    return made


def test_it_is_built_once(context):
    """The first call builds and runs, the second finds it there."""
    assert build_environment(context, "empty")
    assert context.python("empty").exists()
    assert not build_environment(context, "empty")


def test_another_lock_builds_it_again(context):
    """A changed lock is noticed."""
    build_environment(context, "empty")
    lock_file(context, "empty").write_text("# changed\n")
    assert not is_built(context, "empty")
    assert build_environment(context, "empty")


def test_what_uv_said_is_in_the_error(context):
    """A lock that cannot be installed fails with uv's last words, and counts as not built."""
    lock_file(context, "empty").write_text("no-hash-given==1\n")
    with pytest.raises(PartError, match="uv could not build its environment") as caught:
        build_environment(context, "empty")
    assert "hash" in caught.value.log_tail
    assert not is_built(context, "empty")


def test_a_missing_lock_says_what_to_do(context):
    """No lock, no environment: `make lock`."""
    with pytest.raises(SandboxError, match="make lock"):
        build_environment(context, "absent")
