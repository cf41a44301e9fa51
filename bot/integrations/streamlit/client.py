"""GETs from a Streamlit server: no redirects, no retries, a deadline over all, only the beginning of a body."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.diagnostics.probe import Scope
from bot.errors import Unreachable
from bot.integrations.deadline import Deadline
from bot.integrations.streamlit.settings import Settings

SYSTEM = "streamlit"
MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `status` 0 says that nobody answered, and `problem` why."""

    status: int
    body: bytes = b""
    content_type: str = ""
    took_ms: float = 0.0
    problem: str = ""


class StreamlitClient:
    """One dashboard. Thread-safe; connects at its first use."""

    def __init__(self, settings: Settings) -> None:
        import urllib3

        self.settings = settings
        self._pool: Any = urllib3.PoolManager(num_pools=1, maxsize=2, retries=False)

    @contextmanager
    def visiting(self, scope: Scope) -> Iterator["Visit"]:
        """The GETs of one read, which share the scope's deadline."""
        yield Visit(self, Deadline(SYSTEM, scope.deadline_s))

    def get(self, path: str, timeout_s: float) -> Answer:
        """One GET below the dashboard's address.

        That nobody answers is an answer here: refused and late are told in `problem`. Unreachable is raised for what
        is wrong on the way there: a host that is not known, a certificate that is not trusted.
        """
        from urllib3 import exceptions

        begun = time.monotonic()
        try:
            response = self._pool.request(
                "GET", f"{self.settings.url}{path}", timeout=timeout_s, redirect=False, preload_content=False
            )
            try:
                body = _beginning(response, begun + timeout_s)
            finally:
                response.close()  # ends the connection when the answer was not read to its end
        except exceptions.NameResolutionError as error:
            raise Unreachable(SYSTEM, f"the host of {self.settings.address} is not known") from error
        except exceptions.SSLError as error:
            raise Unreachable(SYSTEM, f"no trusted TLS connection to {self.settings.address}") from error
        except exceptions.NewConnectionError as error:
            # Not by the words: they hold the host's name, and the system's language.
            is_refused = isinstance(error.__cause__, ConnectionRefusedError)
            how = "connection refused by {}" if is_refused else "{} cannot be reached"
            return Answer(0, problem=how.format(self.settings.address))
        except (exceptions.TimeoutError, TimeoutError):
            return Answer(0, problem=f"{self.settings.address} did not answer within {timeout_s:.1f} s")
        except exceptions.HTTPError:
            return Answer(0, problem=f"the connection to {self.settings.address} broke")
        took_ms = round(1000 * (time.monotonic() - begun), 1)
        return Answer(response.status, body, str(response.headers.get("Content-Type", "")), took_ms)

    def close(self) -> None:
        """Close every idle connection."""
        self._pool.clear()


def _beginning(response: Any, ends: float) -> bytes:
    """The first MOST_BYTES of a body; TimeoutError when they are still coming at the end.

    urllib3's timeout is for each packet: a server that sends a byte now and then would keep us for hours.
    """
    body = b""
    while len(body) < MOST_BYTES and (part := response.read1(MOST_BYTES - len(body))):
        body += part
        if time.monotonic() >= ends:
            raise TimeoutError
    return body


@dataclass(frozen=True, slots=True)
class Visit:
    """GETs under one deadline."""

    client: StreamlitClient
    deadline: Deadline

    def get(self, path: str) -> Answer:
        """One GET with the time that is left."""
        return self.client.get(path, self.deadline.left())
