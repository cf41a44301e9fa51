"""Where dbt's artifacts lie: folders as they are found, and a base address that may be slow, large or closed."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.errors import AccessDenied, IntegrationError, NotFound, SettingsError, Unreachable
from bot.integrations.dbt.places import Folder, Website, open_place
from bot.integrations.dbt.settings import Settings, read_settings
from bot.integrations.deadline import Deadline

NAME = "run_results.json"


def soon() -> Deadline:
    """A minute from now."""
    return Deadline("dbt", 60.0)


def put(path: Path, content: str, written: int) -> None:
    """A file that was written at that second."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    os.utime(path, (written, written))


@contextmanager
def served(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """The base address of a server that answers every GET so."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/dbt"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answering(status: int, body: bytes = b"", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Always the same answer."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def test_the_newest_file_counts_wherever_it_lies(tmp_path: Path) -> None:
    """dbt's own target folder, or one folder a run of dbt."""
    put(tmp_path / NAME, "old", 100)
    put(tmp_path / "b" / NAME, "newest", 300)
    put(tmp_path / "c" / NAME, "newer", 200)
    put(tmp_path / "c" / "deeper" / NAME, "not looked at", 400)
    folder = Folder(tmp_path)
    newest = folder.read(NAME, 100, soon())
    assert newest is not None
    assert newest.body == b"newest"
    assert folder.read(NAME, 100, soon(), known=newest.stamp) is None
    assert [file.body for file in folder.read_several(NAME, 100, 2, soon())] == [b"newest", b"newer"]


def test_files_together_stay_below_the_cap_and_one_alone_too(tmp_path: Path) -> None:
    """A huge file is refused by its size, before it is read."""
    put(tmp_path / "a" / NAME, "x" * 60, 200)
    put(tmp_path / "b" / NAME, "y" * 60, 100)
    assert len(Folder(tmp_path).read_several(NAME, 100, 9, soon())) == 1
    with pytest.raises(IntegrationError, match="beyond the"):
        Folder(tmp_path).read(NAME, 50, soon())


def test_a_folder_without_artifacts_says_what_to_do(tmp_path: Path) -> None:
    """dbt has not run yet, or leaves its files elsewhere."""
    with pytest.raises(NotFound, match="has dbt run"):
        Folder(tmp_path).read(NAME, 9, soon())
    with pytest.raises(NotFound, match="cannot be listed"):
        Folder(tmp_path / "nowhere").read(NAME, 9, soon())


def test_an_address_is_read_with_its_token_and_not_twice() -> None:
    """The server says by 304 that nothing changed."""
    seen: list[tuple[str, str | None]] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        seen.append((request.path, request.headers["Authorization"]))
        same = request.headers["If-None-Match"] == '"v1"'
        answering(304 if same else 200, b"" if same else b"{}", ETag='"v1"')(request)

    with served(answer) as base:
        place = Website(base, "secret")
        first = place.read(NAME, 100, soon())
        assert first is not None
        assert place.read(NAME, 100, soon(), first.stamp) is None
        assert [file.body for file in place.read_several(NAME, 100, 9, soon())] == [b"{}"]
        place.close()
    assert seen[0] == (f"/dbt/{NAME}", "Bearer secret")


@pytest.mark.parametrize(
    ("status", "error"), [(404, NotFound), (403, AccessDenied), (401, AccessDenied), (500, IntegrationError)]
)
def test_a_refusal_is_told_by_its_kind(status: int, error: type[IntegrationError]) -> None:
    """A missing file is not a missing token."""
    with served(answering(status)) as base, pytest.raises(error, match=NAME):
        Website(base).read(NAME, 100, soon())


def test_a_body_is_cut_off_at_the_cap_even_when_it_hides_its_length() -> None:
    """Told in advance, or inflated from a small gzip."""
    import gzip

    with served(answering(200, b"x" * 200)) as base, pytest.raises(IntegrationError, match="beyond the"):
        Website(base).read(NAME, 100, soon())
    bomb = gzip.compress(b"x" * 5_000_000)
    with served(answering(200, bomb, Content_Encoding="gzip")) as base, pytest.raises(IntegrationError, match="beyond"):
        Website(base).read(NAME, 100_000, soon())


def test_silence_and_a_closed_port_are_told_within_the_deadline(silent_port: int, closed_port: int) -> None:
    """Nobody waits for an object store that does not answer."""
    for port in (silent_port, closed_port):
        with pytest.raises(Unreachable, match="did not answer within"):
            Website(f"http://127.0.0.1:{port}").read(NAME, 100, Deadline("dbt", 0.3))


def test_settings_say_folder_or_address(tmp_path: Path) -> None:
    """Nothing is nothing; a folder need not exist yet."""
    assert read_settings({}) is None
    assert read_settings({"DBT_ARTIFACTS": str(tmp_path / "later")}) == Settings(folder=tmp_path / "later")
    web = read_settings({"DBT_ARTIFACTS": "https://x.example.com/dbt/", "DBT_ARTIFACTS_TOKEN": "t"})
    assert web == Settings(url="https://x.example.com/dbt", token="t")
    assert web is not None
    assert isinstance(open_place(web), Website)


@pytest.mark.parametrize(
    "given",
    [
        {"DBT_ARTIFACTS_TOKEN": "t"},
        {"DBT_ARTIFACTS": "s3://bucket/dbt"},
        {"DBT_ARTIFACTS": "https://user:pw@x.example.com/dbt"},
        {"DBT_ARTIFACTS": "https://:pw@x.example.com/dbt"},
        {"DBT_ARTIFACTS": "https://x.example.com/dbt?sig=abc"},
        {"DBT_ARTIFACTS": "https://x.example.com:80x/dbt"},
        {"DBT_ARTIFACTS": "https://[::1/dbt"},
        {"DBT_ARTIFACTS": "https:///dbt"},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(given: dict[str, str]) -> None:
    """A secret inside an address would be shown in errors."""
    with pytest.raises(SettingsError, match="DBT_ARTIFACTS"):
        read_settings(given)
