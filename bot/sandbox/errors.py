"""Errors of the sandbox: each says what, where and what to do (standard library only, as parts import it)."""

from __future__ import annotations


class SandboxError(Exception):
    """The sandbox cannot do what was asked; the message is for the person at the terminal."""


class PartError(SandboxError):
    """A part ended, or was not ready in time; carries the last lines of its log."""

    def __init__(self, part: str, problem: str, log_tail: str = "") -> None:
        super().__init__(f"{part}: {problem}")
        self.part = part
        self.problem = problem
        self.log_tail = log_tail
