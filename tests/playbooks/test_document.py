"""A file's lines are kept, and what is not one page of plain YAML is refused with its line."""

from pathlib import Path

import pytest

from bot.errors import PlaybookError
from bot.playbooks.document import MAX_BYTES, parse_document, read_document


def test_every_key_and_item_knows_its_line() -> None:
    """The line of a key, of a list's item and of a nested key is the line where it stands."""
    document = parse_document("title: x\nsteps:\n  - title: a\n    text: b\n  - title: c\n", "p.yml")
    assert document.line_of(("steps", 0, "text")) == 4
    assert document.line_of(("steps", 1)) == 5


def test_a_location_that_is_not_written_has_the_line_of_what_is_around_it() -> None:
    """A missing key is told at the nearest thing that stands in the file."""
    document = parse_document("match:\n  any: [x]\n", "p.yml")
    assert document.line_of(("match", "none", 0)) == 1
    assert document.line_of(("nothing",)) == 1


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "twice"),
        ("a: 1\nb:\n  - x\n  c: [\n", 4, "not YAML"),
        ("- just\n- a list\n", 1, "mapping"),
        ("a: &x 1\nb: *x\n", 1, "anchors"),
        ("? [1, 2]\n: x\n", 1, "plain word"),
        ("a: !!python/object:os.system x\n", 1, "not YAML"),
    ],
)
def test_what_is_not_plain_yaml_is_refused(text: str, line: int, words: str) -> None:
    """Duplicate keys, broken YAML, lists, anchors, odd keys and Python tags are refused at their line."""
    with pytest.raises(PlaybookError, match=words) as refused:
        parse_document(text, "p.yml")
    assert (refused.value.path, refused.value.line) == ("p.yml", line)


def test_a_date_stays_the_text_that_was_written() -> None:
    """YAML's own dates would turn a run id or a case's time into something else."""
    assert parse_document("at: 2026-11-20\n", "p.yml").data == {"at": "2026-11-20"}


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    """A missing file, one that is no text and one that is too large are PlaybookErrors, not tracebacks."""
    (tmp_path / "binary.yml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "large.yml").write_text("a: " + "x" * MAX_BYTES)
    for name, words in [("absent.yml", "cannot be read"), ("binary.yml", "UTF-8"), ("large.yml", "larger")]:
        with pytest.raises(PlaybookError, match=words):
            read_document(tmp_path / name)
