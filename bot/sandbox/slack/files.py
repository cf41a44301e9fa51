"""Second floor of the stand-in: uploaded files: announced, received, completed, shared."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from bot.sandbox.slack.refusal import Refusal

LARGEST = 20_000_000  # a laptop's limit, far above any chart; Slack's own is 1 GB
SHOWN = {"png", "jpg", "jpeg", "gif"}  # what an image block takes as slack_file


@dataclass(slots=True)
class Upload:
    """A file on its way: `content` is None until it was received, `shared` False until it was completed."""

    id: str
    name: str
    length: int
    token: str
    app: str
    content: bytes | None = None
    completed_at: float | None = None


class Files:
    """Uploads by id; `processing` seconds pass until a completed file may be used in an image block."""

    def __init__(self, clock: Callable[[], float], folder: Path | None, processing: float) -> None:
        self._clock = clock
        self._folder = folder
        self._processing = processing
        self._uploads: dict[str, Upload] = {}
        self._wire: dict[str, dict[str, Any]] = {}

    def announce(self, app: str, name: str, length: int) -> Upload:
        """First call: reserve an id. Refusal invalid_arguments for a bad length, file_upload_size_restricted."""
        if not name or length < 1:
            raise Refusal("invalid_arguments", "filename and a length of 1 or more are required")
        if length > LARGEST:
            raise Refusal("file_upload_size_restricted", f"more than {LARGEST} bytes")
        upload = Upload(f"F{token_hex(5).upper()}", name, length, token_hex(12), app)
        self._uploads[upload.id] = upload
        return upload

    def receive(self, file_id: str, token: str, content: bytes) -> None:
        """Second call: the bytes. Refusal file_not_found, length_mismatch."""
        upload = self._uploads.get(file_id)
        if upload is None or upload.token != token:
            raise Refusal("file_not_found", f"no upload {file_id!r} was announced")
        if len(content) != upload.length:
            raise Refusal("length_mismatch", f"announced {upload.length} bytes, got {len(content)}")
        upload.content = content
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / file_id).write_bytes(content)

    def complete(self, file_id: str, title: str | None, user: str, base_url: str) -> dict[str, Any]:
        """Third call: the file as Slack describes it. Refusal file_not_found, file_not_uploaded."""
        upload = self._uploads.get(file_id)
        if upload is None:
            raise Refusal("file_not_found", f"no upload {file_id!r} was announced")
        if upload.content is None:
            raise Refusal("file_not_uploaded", f"{file_id} was announced but its bytes never came")
        upload.completed_at = self._clock()
        suffix = _suffix(upload.name)
        wire = {
            "id": file_id,
            "created": int(self._clock()),
            "name": upload.name,
            "title": title or upload.name,
            "filetype": suffix,
            "mimetype": {"png": "image/png", "svg": "image/svg+xml", "csv": "text/csv"}.get(suffix, "text/plain"),
            "size": upload.length,
            "user": user,
            "mode": "hosted",
            "url_private": f"{base_url}/files/{file_id}/{upload.name}",
            "permalink": f"{base_url}/files/{file_id}/{upload.name}",
        }
        self._wire[file_id] = wire
        return wire

    def usable(self, file_id: str) -> bool:
        """Whether an image block may show it: a picture (png, jpg, jpeg, gif) that was processed."""
        upload = self._uploads.get(file_id)
        if upload is None or upload.completed_at is None:
            return False
        return _suffix(upload.name) in SHOWN and self._clock() - upload.completed_at >= self._processing

    def info(self, file_id: str) -> dict[str, Any]:
        """A completed file. Refusal file_not_found."""
        if file_id not in self._wire:
            raise Refusal("file_not_found", f"no file {file_id!r}")
        return self._wire[file_id]

    def content(self, file_id: str) -> bytes:
        """A completed file's bytes. Refusal file_not_found."""
        self.info(file_id)
        content = self._uploads[file_id].content
        if content is None and self._folder and (self._folder / file_id).exists():
            content = (self._folder / file_id).read_bytes()
        return content or b""

    def restore(self, wire: dict[str, Any]) -> None:
        """Know a file of an earlier run again; its bytes are read from the folder."""
        upload = Upload(wire["id"], wire["name"], wire["size"], token_hex(12), wire["user"])
        upload.completed_at = self._clock() - self._processing
        self._uploads[upload.id] = upload
        self._wire[upload.id] = wire

    def listing(self) -> list[dict[str, Any]]:
        """All completed files."""
        return list(self._wire.values())


def _suffix(name: str) -> str:
    return Path(name).suffix.removeprefix(".").lower()
