"""What the supervisor knows about a part: the description each part's package gives in its own `part.py`.

Standard library only: this module is imported both by the supervisor and inside every part's environment.
`bot/sandbox/<name>/part.py` offers `def describe(context: Context) -> Part`.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

HEALTH_TIMEOUT = 2.0

PORT_NAMES = (
    *("slack", "source", "stripe", "warehouse", "airflow", "airflow_logs", "airflow_triggerer"),
    *("dashboard", "bot"),
)
"""Every port the supervisor hands out; the first of a part carries the part's own name."""


class Health(Protocol):
    """A part's health check."""

    def problem(self) -> str | None:
        """Why the part is not ready yet, or None when it is; answers within about HEALTH_TIMEOUT."""


@dataclass(frozen=True, slots=True)
class HttpHealth:
    """Healthy when GET `url` is answered with 200."""

    url: str

    def problem(self) -> str | None:
        """None on 200, else what came instead."""
        try:
            with urllib.request.urlopen(self.url, timeout=HEALTH_TIMEOUT) as answer:  # noqa: S310 - our own http url
                return None if answer.status == 200 else f"{self.url} answered {answer.status}"
        except urllib.error.HTTPError as refused:
            with refused:
                return f"{self.url} answered {refused.code}"
        except OSError as unreachable:
            return f"{self.url}: {unreachable}"


@dataclass(frozen=True, slots=True)
class Context:
    """Where one sandbox lives. All paths are absolute.

    `repository` holds `bot/`, `playbooks/` and `manifest.yml`; `environments` holds one virtual environment
    a name, built from `bot/sandbox/requirements/<name>.txt`; `ports` has every name of PORT_NAMES.
    """

    state: Path
    repository: Path
    environments: Path
    ports: Mapping[str, int]

    def port(self, name: str) -> int:
        """The TCP port on 127.0.0.1 given to `name` (a name of PORT_NAMES)."""
        return self.ports[name]

    def url(self, name: str) -> str:
        """`http://127.0.0.1:PORT` of `name`, without a slash at the end."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def folder(self, part: str) -> Path:
        """The part's own folder for files; the supervisor makes it (0700) before `prepare`."""
        return self.state / part

    def log(self, part: str) -> Path:
        """Where the part's stdout and stderr go."""
        return self.state / "logs" / f"{part}.log"

    def python(self, environment: str) -> Path:
        """The interpreter of an environment."""
        return self.environments / environment / "bin" / "python"

    def keys(self) -> Path:
        """The folder of the warehouse users' keys: `<USER>.pem` and `<USER>.pub`, made before any start."""
        return self.state / "keys"


@dataclass(frozen=True, slots=True)
class Part:
    """How to start one part and how to tell that it is ready.

    - `command`: the whole argv; its first word is usually `str(context.python(environment))`.
    - `environment`: the environment it runs in, or None for the bot's own; `also_needs`: further ones.
    - `depends_on`: parts that must be *ready* before this one starts (each one costs start-up time: prefer
      `prepare`, which runs for every part before anything starts, e.g. to write passwords others read).
    - `variables`: added to a small inherited environment (PATH, HOME, LANG, TMPDIR, TZ …; never the
      developer's SLACK_*, SNOWFLAKE_* …). PYTHONPATH (so that `bot` imports) and PYTHONUNBUFFERED are set.
    - `deadline`: seconds from start to ready; `grace`: seconds from SIGTERM to SIGKILL.
    """

    name: str
    command: tuple[str, ...]
    health: Health
    environment: str | None = None
    also_needs: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[Context], None] | None = None
    deadline: float = 60.0
    grace: float = 5.0
