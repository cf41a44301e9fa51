"""Where dbt's artifacts lie: a folder, or a base address; a file is never read beyond a cap."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bot.errors import AccessDenied, IntegrationError, NotFound, Unreachable
from bot.integrations.dbt.settings import Settings
from bot.integrations.deadline import Deadline

SYSTEM = "dbt"
MOST_FOLDERS = 200
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class File:
    """The content of one file; `stamp` changes when it does ("" when that cannot be known)."""

    body: bytes
    stamp: str = ""


class Place(Protocol):
    """A place with artifacts, as dbt names them."""

    def read(self, name: str, cap: int, deadline: Deadline, known: str = "") -> File | None:
        """The newest file of that name, at most `cap` bytes; None when it still is the one with the stamp `known`."""

    def read_several(self, name: str, cap: int, count: int, deadline: Deadline) -> Sequence[File]:
        """The newest files of that name, newest first, at most `count`, together at most `cap` bytes, one at least."""

    def close(self) -> None:
        """Let go of what is open."""


def open_place(settings: Settings) -> Place:
    """The place of the settings; nothing is read yet."""
    return Folder(settings.folder) if settings.folder is not None else Website(settings.url, settings.token)


class Folder:
    """dbt's target folder, or one that holds a folder for each run of dbt."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, name: str, cap: int, _deadline: Deadline, known: str = "") -> File | None:
        """See the port."""
        newest = self._find(name)[0]
        return None if newest.stamp == known else File(_read_capped(newest.path, cap), newest.stamp)

    def read_several(self, name: str, cap: int, count: int, deadline: Deadline) -> Sequence[File]:
        """See the port."""
        found: list[File] = []
        left = cap
        for place in self._find(name)[:count]:
            deadline.left()
            if found and place.size > left:
                break
            found.append(File(_read_capped(place.path, cap), place.stamp))
            left -= place.size
        return found

    def close(self) -> None:
        """Nothing is open."""

    def _find(self, name: str) -> list["_Found"]:
        try:
            folders = [self._path, *sorted((each for each in self._path.iterdir() if each.is_dir()), reverse=True)]
        except OSError as error:
            raise NotFound(SYSTEM, f"the folder {self._path} cannot be listed: {error.strerror}") from error
        found = [each for folder in folders[:MOST_FOLDERS] if (each := _look_at(folder / name))]
        if not found:
            raise NotFound(SYSTEM, f"there is no {name} in {self._path}: has dbt run, and left its artifacts there?")
        return sorted(found, key=lambda each: each.changed, reverse=True)


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    changed: int
    size: int

    @property
    def stamp(self) -> str:
        return f"{self.path}:{self.changed}:{self.size}"


def _look_at(path: Path) -> _Found | None:
    try:
        state = path.stat()
    except OSError:
        return None  # a run without that file, or one that is tidied away right now
    return _Found(path, state.st_mtime_ns, state.st_size)


def _read_capped(path: Path, cap: int) -> bytes:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > cap:
                raise too_large(path.name, size, cap)
            return file.read(cap)
    except OSError as error:
        raise IntegrationError(SYSTEM, f"{path.name} cannot be read: {error.strerror}") from error


class Website:
    """A base address below which the artifacts lie: an object store's, or dbt Cloud's for one job."""

    def __init__(self, base: str, token: str = "") -> None:
        self._base = base
        self._token = token
        self._pool: Any = None

    def read(self, name: str, cap: int, deadline: Deadline, known: str = "") -> File | None:
        """See the port."""
        from urllib3.exceptions import HTTPError

        try:
            return self._get(name, cap, deadline, known)
        except HTTPError as error:
            raise Unreachable(
                SYSTEM, f"{self._base} did not answer within {deadline.seconds:g} s, or broke off"
            ) from error

    def read_several(self, name: str, cap: int, _count: int, deadline: Deadline) -> Sequence[File]:
        """The one that is there: a web server lists nothing."""
        found = self.read(name, cap, deadline)
        return [] if found is None else [found]

    def close(self) -> None:
        """Close idle connections."""
        if self._pool is not None:
            self._pool.clear()

    def _get(self, name: str, cap: int, deadline: Deadline, known: str) -> File | None:
        import urllib3

        if self._pool is None:
            self._pool = urllib3.PoolManager(maxsize=2, retries=urllib3.Retry(total=2, connect=0, read=0, redirect=2))
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        headers |= {"If-None-Match": known} if known else {}
        timeout = urllib3.Timeout(total=deadline.left())
        answer = self._pool.request(
            "GET", f"{self._base}/{name}", headers=headers, timeout=timeout, preload_content=False
        )
        try:
            if answer.status == 304:
                return None
            _require_success(answer.status, name, self._base)
            return File(_body(answer, name, cap, deadline), answer.headers.get("ETag", ""))
        finally:
            answer.close()


def _body(answer: Any, name: str, cap: int, deadline: Deadline) -> bytes:
    told = int(answer.headers.get("Content-Length") or 0)
    if told > cap:
        raise too_large(name, told, cap)
    body = bytearray()
    for chunk in answer.stream(CHUNK):  # inflated as it comes, so the cap is on what is kept
        deadline.left()
        body += chunk
        if len(body) > cap:
            raise too_large(name, len(body), cap)
    return bytes(body)


def _require_success(status: int, name: str, base: str) -> None:
    if status == 404:
        raise NotFound(SYSTEM, f"there is no {name} below {base}")
    if status in (401, 403):
        raise AccessDenied(SYSTEM, f"{base} refuses {name} ({status}): see DBT_ARTIFACTS_TOKEN")
    if status != 200:
        raise IntegrationError(SYSTEM, f"{base} answered {status} for {name}")


def too_large(name: str, size: int, cap: int) -> IntegrationError:
    """The error for a file that is not read."""
    return IntegrationError(
        SYSTEM, f"{name} has {size / 1e6:.0f} MB or more, beyond the {cap / 1e6:.0f} MB that are read"
    )
