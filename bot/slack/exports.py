"""Beside stage 1: messages of the past, from a workspace's export: a folder or a zip of `channel/YYYY-MM-DD.json`.

Format: slack.com/help/articles/220556107, "How to read Slack data exports".
"""

import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import RunbookError, UnknownName

MOST_BYTES = 256 * 2**20
"""Of one day's file: more is no day of a channel."""
_DAY = re.compile(r"(?:.*/)?(?P<channel>[^/]+)/(?P<day>\d{4}-\d\d-\d\d)\.json")


@dataclass(frozen=True, slots=True)
class Day:
    """One day's file of one channel."""

    channel: str
    day: str
    name: str


class Export:
    """An export that lies open. RunbookError when it is none, or a file of it cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip: zipfile.ZipFile | None = None
        if path.is_dir():
            names = [found.relative_to(path).as_posix() for found in path.rglob("*.json")]
        else:
            try:
                self._zip = zipfile.ZipFile(path)
            except FileNotFoundError:
                raise RunbookError(f"there is no export {path}: a folder or a zip file is needed") from None
            except (zipfile.BadZipFile, OSError) as error:
                raise RunbookError(f"{path} is no folder and no zip file: {error}") from error
            names = self._zip.namelist()
        matched = [(found, name) for name in names if (found := _DAY.fullmatch(name))]
        if not matched:
            self.close()
            raise RunbookError(f"{path} is no Slack export: it holds no channel/YYYY-MM-DD.json")
        self._days = sorted((Day(found["channel"], found["day"], name) for found, name in matched), key=_order)

    def __enter__(self) -> "Export":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the zip file."""
        if self._zip is not None:
            self._zip.close()

    @property
    def channels(self) -> Sequence[str]:
        """Names of the channels that it holds."""
        return sorted({day.channel for day in self._days})

    def days_of(self, channels: Sequence[str]) -> Sequence[Day]:
        """The files of these channels, oldest first. UnknownName for a channel that is not in it."""
        wanted = [name.removeprefix("#") for name in channels]
        for name in wanted:
            if name not in self.channels:
                raise UnknownName("channel in this export", name, self.channels)
        return [day for day in self._days if day.channel in wanted]

    def messages(self, day: Day) -> Iterator[Mapping[str, Any]]:
        """The day's messages as `message` events, oldest first."""
        try:
            with self._open(day.name) as file:
                raw = file.read(MOST_BYTES + 1)
            if len(raw) > MOST_BYTES:
                raise RunbookError(f"{day.name}: larger than {MOST_BYTES // 2**20} MB")
            found = json.loads(raw)
        except (OSError, ValueError, RecursionError, zipfile.BadZipFile) as error:
            raise RunbookError(f"{day.name} cannot be read: {error}") from error
        if not isinstance(found, list):
            raise RunbookError(f"{day.name} should hold a list of messages")
        events = [{**each, "channel": day.channel} for each in found if isinstance(each, Mapping)]
        yield from sorted(events, key=lambda each: str(each.get("ts", "")))

    def _open(self, name: str) -> AbstractContextManager[Any]:
        if self._zip is not None:
            return self._zip.open(name)
        return (self.path / name).open("rb")


def _order(day: Day) -> tuple[str, str]:
    return day.day, day.channel
