"""Where the playbooks stand: read anew when their files change, swapped whole, and only when every check passes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import PlaybookError
from bot.flow.library import Library

Fingerprint = tuple[tuple[str, int, int, int], ...]
Load = Callable[[Path], Library]


@dataclass(frozen=True, slots=True)
class Change:
    """The files changed: `problem` says why the playbooks of before stay, None when the new ones are in use.

    `was_broken` says that the change before this one could not be used.
    """

    problem: PlaybookError | None
    was_broken: bool


class Shelf:
    """The library in use, and the files that it was read from. Loading raises PlaybookError only here at first."""

    def __init__(self, folder: Path, load: Load) -> None:
        self._folder, self._load = folder, load
        # Taken before the files are read: a change while they are is seen afterwards.
        self._known = self._seen = fingerprint(folder)
        self._library = load(folder)
        self._is_broken = False

    def library(self) -> Library:
        """The playbooks in use now."""
        return self._library

    async def refresh(self) -> Change | None:
        """Look at the files, and load them once they changed and then stood still from one look to the next: an
        editor or a deployment writes them one after the other. None when there is nothing new."""
        now = await asyncio.to_thread(fingerprint, self._folder)
        stood_still, self._seen = now == self._seen, now
        if now == self._known or not stood_still:
            return None
        self._known = now
        was_broken = self._is_broken
        try:
            self._library = await asyncio.to_thread(self._load, self._folder)
        except PlaybookError as problem:
            self._is_broken = True
            return Change(problem, was_broken)
        self._is_broken = False
        return Change(None, was_broken)


def fingerprint(folder: Path) -> Fingerprint:
    """Name, inode, time and size of every YAML file in the folder; () when there is none, or no folder."""
    found = []
    for path in sorted(folder.rglob("*.yml")):
        try:
            state = path.stat()
        except FileNotFoundError:  # gone since it was listed: the next look sees a folder without it
            continue
        found.append((str(path.relative_to(folder)), state.st_ino, state.st_mtime_ns, state.st_size))
    return tuple(found)
