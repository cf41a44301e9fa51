"""A server that speaks enough of PostgreSQL's protocol for the real driver: it keeps what it is sent, and answers."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Rows = Sequence[Sequence[str]]
Answer = Rows | tuple[str, str] | None
"""Rows of text under the columns a, b …; a SQLSTATE and a message; None keeps silent."""

SETTINGS = {
    "client_encoding": "UTF8",
    "DateStyle": "ISO",
    "standard_conforming_strings": "on",
    "server_version": "16.4",
}


@dataclass
class WireServer:
    """Answers statements by `answer`; everything else (BEGIN, COMMIT …) is well. `log` holds a list a connection.

    `greeting` is sent instead of a welcome.
    """

    port: int = 0
    log: list[list[str]] = field(default_factory=list)
    open: list[socket.socket] = field(default_factory=list)
    answer: Callable[[str], Answer] = lambda _: []
    greeting: bytes = b""

    @property
    def dsn(self) -> str:
        """Its address, without the encryption that a test has not."""
        return f"host=127.0.0.1 port={self.port} user=u dbname=shop sslmode=disable gssencmode=disable"

    def hang_up(self) -> None:
        """End every connection."""
        for connection in self.open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def talk(self, connection: socket.socket) -> None:
        """One client, from its greeting to its goodbye."""
        with connection, suppress(OSError, struct.error):
            self.open.append(connection)
            _receive(connection, struct.unpack("!I", _receive(connection, 4))[0] - 4)
            if self.greeting:
                connection.sendall(self.greeting)
                return
            status = b"".join(_message(b"S", f"{name}\0{value}\0".encode()) for name, value in SETTINGS.items())
            connection.sendall(_message(b"R", bytes(4)) + status + _READY)
            statements: list[str] = []
            self.log.append(statements)
            while kind := connection.recv(1):
                body = _receive(connection, struct.unpack("!I", _receive(connection, 4))[0] - 4)
                if kind == b"Q":
                    statements.append(body.rstrip(b"\0").decode())
                    self.reply(connection, statements[-1])

    def reply(self, connection: socket.socket, statement: str) -> None:
        """What the statement gives."""
        found = self.answer(statement)
        if found is None:
            return
        if isinstance(found, tuple):
            code, message = found
            error = f"SERROR\0C{code}\0M{message}\0\0".encode()
            connection.sendall(_message(b"E", error) + _READY)
            return
        width = len(found[0]) if found else 0
        names = b"".join(
            f"{'abcdef'[place]}\0".encode() + struct.pack("!IHIHIH", 0, 0, 25, 65535, 0, 0) for place in range(width)
        )
        described = _message(b"T", struct.pack("!H", width) + names) if width else b""
        rows = b"".join(_message(b"D", struct.pack("!H", width) + b"".join(map(_value, row))) for row in found)
        connection.sendall(described + rows + _message(b"C", b"OK\0") + _READY)


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


def _value(text: str) -> bytes:
    return struct.pack("!I", len(text.encode())) + text.encode()


def _receive(connection: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        part = connection.recv(size - len(found))
        if not part:
            raise OSError("the client is gone")
        found += part
    return found


_READY = _message(b"Z", b"I")


@contextmanager
def serving() -> Iterator[WireServer]:
    """A running server; it ends with the block, whatever its clients do."""
    served = WireServer()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        served.port = int(listener.getsockname()[1])
        threads: list[threading.Thread] = []

        def accept() -> None:
            with suppress(OSError):
                while True:
                    thread = threading.Thread(target=served.talk, args=(listener.accept()[0],), daemon=True)
                    threads.append(thread)
                    thread.start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        yield served
        listener.shutdown(socket.SHUT_RDWR)
        served.hang_up()
        for thread in (accepting, *threads):
            thread.join(10)
