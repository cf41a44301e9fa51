"""Files on their way: sizes, folders, what is served after a restart, and how they are shared."""

import pytest

from bot.sandbox.slack.files import LARGEST, Files


@pytest.fixture
def upload(standin, ask):
    """Announce and send a file of the bot; its id."""

    def run(name="a.png", content=b"abc"):
        announced = ask("files.getUploadURLExternal", filename=name, length=len(content))
        file_id, token = announced["upload_url"].rsplit("/", 2)[1:]
        standin.files.receive(file_id, token, content)
        return file_id

    return run


LENGTHS = [(0, "invalid_arguments"), ("", "invalid_arguments"), (LARGEST + 1, "file_upload_size_restricted")]


@pytest.mark.parametrize(("length", "code"), LENGTHS)
def test_a_length_is_announced(ask, denied, length, code):
    """No bytes and too many are refused before anything is sent; the largest size passes."""
    assert denied(ask, "files.getUploadURLExternal", filename="a.png", length=length).code == code
    assert ask("files.getUploadURLExternal", filename="a.png", length=LARGEST)["file_id"]


@pytest.mark.parametrize("content", [b"", b"ab", b"abcd"])
def test_the_bytes_are_as_many_as_announced(denied, content):
    """A file that was cut off or grew on its way is refused."""
    files = Files(lambda: 0.0, None, 0.0)
    upload = files.announce("A1", "a.png", 3)
    assert denied(files.receive, upload.id, upload.token, content).code == "length_mismatch"
    assert denied(files.complete, upload.id, None, "U1", "").code == "file_not_uploaded"


TYPES = [("a.PNG", "png", "image/png"), ("a.tar.csv", "csv", "text/csv"), ("Makefile", "", "text/plain")]


@pytest.mark.parametrize(("name", "suffix", "mimetype"), TYPES)
def test_a_file_is_described_by_its_name(upload, ask, name, suffix, mimetype):
    """The type comes from the suffix; without a title the name is the title."""
    (file,) = ask("files.completeUploadExternal", files=[{"id": upload(name)}])["files"]
    assert (file["filetype"], file["mimetype"], file["title"], file["size"]) == (suffix, mimetype, name, 3)


def test_several_files_are_shared_in_one_message(upload, ask):
    """One message in the thread holds all files, and each file knows where it was shared."""
    root = ask("chat.postMessage", channel="C0ENG", text="root")["ts"]
    wanted = [{"id": upload(name), "title": name.upper()} for name in ("a.png", "b.png")]
    where = {"channel_id": "C0ENG", "thread_ts": root, "initial_comment": "a < b"}
    files = ask("files.completeUploadExternal", files=wanted, **where)["files"]
    message = ask("conversations.replies", channel="C0ENG", ts=root)["messages"][1]
    assert ([file["title"] for file in message["files"]], message["text"]) == (["A.PNG", "B.PNG"], "a &lt; b")
    assert [file["shares"]["public"]["C0ENG"][0]["ts"] for file in files] == [message["ts"]] * 2
    assert ask("files.info", file=files[0]["id"])["file"]["shares"]


COMPLETIONS = [
    ({}, "invalid_arguments"),
    ({"files": []}, "invalid_arguments"),
    ({"files": {"id": "F1"}}, "invalid_arguments"),
    ({"files": ["F1"]}, "invalid_arguments"),
    ({"files": [{"title": "x"}]}, "invalid_arguments"),
    ({"files": "["}, "invalid_arguments"),
    ({"files": [{"id": "F1"}]}, "file_not_found"),
    ({"files": [{"id": "F1"}], "channel_id": "data-eng"}, "channel_not_found"),
    ({"files": [{"id": "F1"}], "channel_id": "U0LEAD"}, "channel_not_found"),
]


@pytest.mark.parametrize(("given", "code"), COMPLETIONS)
def test_an_upload_is_completed_in_slacks_form(ask, denied, given, code):
    """A list of objects with ids, and a channel by id; anything else is refused, not a crash."""
    assert denied(ask, "files.completeUploadExternal", **given).code == code


def test_a_file_is_shared_where_the_bot_is(standin, upload, ask, denied):
    """Sharing needs membership."""
    standin.workspace.channel("C0ENG").members.discard("U0RUNBOOK")
    given = {"files": [{"id": upload()}], "channel_id": "C0ENG"}
    assert denied(ask, "files.completeUploadExternal", **given).code == "not_in_channel"


def test_files_are_kept_on_disk(tmp_path):
    """A second run that knows the description serves the bytes, and may show the picture at once."""
    first = Files(lambda: 0.0, tmp_path / "files", 5.0)
    upload = first.announce("A1", "a.png", 3)
    first.receive(upload.id, upload.token, b"abc")
    wire = first.complete(upload.id, None, "U1", "http://x")
    second = Files(lambda: 0.0, tmp_path / "files", 5.0)
    second.restore(wire)
    assert (second.content(upload.id), second.usable(upload.id), second.listing()) == (b"abc", True, [wire])
    (tmp_path / "files" / upload.id).unlink()
    assert second.content(upload.id) == b""
