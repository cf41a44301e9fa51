"""A workspace's export is read as it lies: folder or zip."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bot.errors import RunbookError, UnknownName
from bot.slack.exports import Export


def write(folder: Path, name: str, content: Any) -> None:
    """One file of the export."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two channels, two days; users.json and canvases lie beside them in every export."""
    root = tmp_path / "export"
    write(root, "users.json", [{"id": "U1"}])
    write(root, "data-alerts/2026-11-02.json", [{"ts": "3.0", "text": "c"}])
    write(root, "data-alerts/2026-11-01.json", [{"ts": "2.0", "text": "b"}, {"ts": "1.0", "text": "a"}])
    write(root, "random/2026-11-01.json", [{"ts": "1.5", "text": "x"}])
    return root


def texts(export: Export, *channels: str) -> list[str]:
    """What stands in these channels."""
    return [message["text"] for day in export.days_of(channels) for message in export.messages(day)]


@pytest.fixture(params=["folder", "zip", "zip with a top folder"])
def path(request: pytest.FixtureRequest, folder: Path, tmp_path: Path) -> Path:
    """The export as people have it."""
    if request.param == "folder":
        return folder
    packed = tmp_path / "export.zip"
    top = "Shop Slack export/" if "top" in request.param else ""
    with zipfile.ZipFile(packed, "w") as archive:
        for file in folder.rglob("*.json"):
            archive.write(file, f"{top}{file.relative_to(folder)}")
    return packed


def test_messages_come_oldest_first_from_the_channels_asked_for(path: Path) -> None:
    """By day, and within the day by ts; with or without the # before the name."""
    with Export(path) as export:
        assert texts(export, "#data-alerts") == ["a", "b", "c"]
        assert texts(export, "data-alerts", "random") == ["a", "b", "x", "c"]
        assert export.channels == ["data-alerts", "random"]


def test_a_message_knows_its_channel(folder: Path) -> None:
    """The file's place says it, the message does not."""
    with Export(folder) as export:
        (message,) = export.messages(export.days_of(["random"])[0])
    assert message["channel"] == "random"


def test_a_channel_that_is_not_there_is_told_with_the_nearest(folder: Path) -> None:
    """A typo, or another workspace's export."""
    with Export(folder) as export, pytest.raises(UnknownName, match="data-alerts"):
        export.days_of(["data-alrets"])


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("x.txt", "no", "no folder and no zip"),
        ("missing", None, "there is no export"),
        ("empty", {}, "no Slack export"),
    ],
)
def test_what_is_no_export_is_told(tmp_path: Path, name: str, content: Any, reason: str) -> None:
    """In words that say what is needed."""
    if content == {}:
        (tmp_path / name).mkdir()
    elif content:
        write(tmp_path, name, content)
    with pytest.raises(RunbookError, match=reason):
        Export(tmp_path / name)


@pytest.mark.parametrize("content", ["{broken", {"messages": []}])
def test_a_broken_file_is_named(folder: Path, content: Any) -> None:
    """Which of hundreds it is."""
    write(folder, "random/2026-11-01.json", content)
    with Export(folder) as export, pytest.raises(RunbookError, match=r"random/2026-11-01\.json"):
        texts(export, "random")
