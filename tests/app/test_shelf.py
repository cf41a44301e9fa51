"""The playbooks in use change with their files, whole, and only when every check passes."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.app.books import load_library
from bot.app.shelf import Change, Shelf, fingerprint
from bot.errors import PlaybookError

SHIPPED = Path(__file__).parents[2] / "playbooks"
ONE = ("platform.yml", "shared.yml", "stale_data.yml", "stale_data.test.yml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one of the shipped playbooks."""
    for name in ONE:
        shutil.copy(SHIPPED / name, tmp_path / name)
    (tmp_path / "wordings").mkdir()
    shutil.copy(SHIPPED / "wordings" / "stale_data.yml", tmp_path / "wordings")
    return tmp_path


def edit(path: Path, change: Callable[[str], str]) -> None:
    """Write the file anew, as an editor does."""
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


async def settled(shelf: Shelf) -> Change | None:
    """What two looks see: the first finds the change, the second that it stands still."""
    return await shelf.refresh() or await shelf.refresh()


async def test_untouched_files_are_not_loaded_again(folder: Path) -> None:
    """A look costs a listing of the folder."""
    loads: list[Path] = []

    def load(found: Path) -> object:
        loads.append(found)
        return load_library(found)

    shelf = Shelf(folder, load)  # type: ignore[arg-type]
    assert [await shelf.refresh() for _ in range(3)] == [None, None, None]
    assert loads == [folder]


async def test_a_changed_playbook_is_used_once_it_stood_still(folder: Path) -> None:
    """Not at the first look: whoever deploys writes one file after the other."""
    shelf = Shelf(folder, load_library)
    edit(folder / "stale_data.yml", lambda text: text.replace("owner: data-platform", "owner: finance"))
    assert await shelf.refresh() is None
    assert shelf.library().find("freshness").owner == "data-platform"
    assert await shelf.refresh() == Change(None, was_broken=False)
    assert shelf.library().find("freshness").owner == "finance"


async def test_a_broken_playbook_leaves_the_old_ones_in_use(folder: Path) -> None:
    """The problem names file and line; the same broken file is told once; mended, the new ones are used."""
    shelf = Shelf(folder, load_library)
    before = shelf.library()
    good = (folder / "stale_data.yml").read_text(encoding="utf-8")
    edit(folder / "stale_data.yml", lambda text: text.replace("severity: P2", "severity: P9"))
    change = await settled(shelf)
    assert change is not None
    assert isinstance(change.problem, PlaybookError)
    assert "stale_data.yml:" in str(change.problem)
    assert shelf.library() is before
    assert await settled(shelf) is None
    edit(folder / "stale_data.yml", lambda _: good + "\n")
    assert await settled(shelf) == Change(None, was_broken=True)
    assert shelf.library() is not before


async def test_a_folder_that_goes_away_is_a_problem_like_any_other(folder: Path) -> None:
    """A deployment that unmounts it leaves the bot with what it knows."""
    shelf = Shelf(folder, load_library)
    shutil.rmtree(folder)
    change = await settled(shelf)
    assert change is not None
    assert change.problem is not None
    assert shelf.library().find("freshness")


def test_a_file_of_equal_size_and_time_is_told_by_its_inode(folder: Path) -> None:
    """A mounted folder is exchanged whole, with whatever times its files had."""
    before = fingerprint(folder)
    copied = folder / "new"
    shutil.copy2(folder / "stale_data.yml", copied)
    copied.replace(folder / "stale_data.yml")
    assert fingerprint(folder) != before
