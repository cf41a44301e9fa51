"""Presigned uploads: an address that nobody guesses stands for one file of a stage."""

import secrets
from collections import OrderedDict
from pathlib import Path
from threading import Lock

_KEPT = 1000


class Uploads:
    """Open tickets, the oldest forgotten. Thread-safe."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, Path] = OrderedDict()
        self._lock = Lock()

    def open(self, file: Path) -> str:
        """A ticket for writing that file."""
        with self._lock:
            ticket = secrets.token_urlsafe(24)
            self._files[ticket] = file
            while len(self._files) > _KEPT:
                self._files.popitem(last=False)
            return ticket

    def write(self, ticket: str, content: bytes) -> bool:
        """Write the ticket's file; False when there is no such ticket."""
        file = self._files.get(ticket)
        if file is None:
            return False
        file.write_bytes(content)
        return True
