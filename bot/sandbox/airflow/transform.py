"""The DAG's third step: dbt, run in its own environment as SVC_ECOMMERCE_DBT on TRANSFORM_WH."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parent / "dbt_project"
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "TZ", "SANDBOX_WAREHOUSE_PORT", "SANDBOX_KEYS")
LINES_TOLD = 40
_CLOCK = re.compile(r"^\d\d:\d\d:\d\d(\.\d+)?\s{0,2}")
_SUMMARY = re.compile(r"^(Completed with|Encountered an error)")


class DbtFailedError(Exception):
    """dbt ended badly; the message is what dbt said about it, without the clock of its log lines."""


@dataclass(frozen=True, slots=True)
class DbtRun:
    """What a run of dbt came to; `lines` are its output without the clock in front, `target` its folder of files.

    `began` is in seconds since the epoch.
    """

    command: str
    code: int
    lines: tuple[str, ...]
    target: Path
    began: float = 0.0


def run_dbt(
    arguments: Sequence[str], environ: Mapping[str, str], target: str, tell: Callable[[str], None] = print
) -> DbtRun:
    """Run `dbt ARGUMENTS`; every line goes to `tell` as it comes.

    `target` names the folder of dbt's own files: two dbt at once must not share one. Ending the caller by an
    exception (a task's time is up) ends dbt. Raises OSError when there is no dbt at SANDBOX_DBT.
    """
    variables = dbt_environment(environ, target)
    began = time.time()
    process = subprocess.Popen(
        [environ["SANDBOX_DBT"], *arguments],
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = []
    with process:
        try:
            for line in process.stdout or ():
                tell(line.rstrip())
                lines.append(_CLOCK.sub("", line.rstrip()))
        except BaseException:
            process.kill()
            raise
    return DbtRun(" ".join(arguments), process.returncode, tuple(lines), Path(variables["DBT_TARGET_PATH"]), began)


def require_success(run: DbtRun) -> None:
    """Raises DbtFailedError when the run ended badly."""
    if run.code != 0:
        raise DbtFailedError(f"dbt {run.command} failed\n{find_failure(run.lines)}")


def dbt_environment(environ: Mapping[str, str], target: str) -> dict[str, str]:
    """What dbt may see: the warehouse's port and keys, and where to put its files."""
    files = Path(environ["SANDBOX_FOLDER"]) / "dbt" / target
    return {
        **{name: environ[name] for name in PASSED_ON if name in environ},
        "DBT_PROJECT_DIR": str(PROJECT),
        "DBT_PROFILES_DIR": str(PROJECT),
        "DBT_TARGET_PATH": str(files),
        "DBT_LOG_PATH": str(files),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_VERSION_CHECK": "false",
        "DBT_USE_COLORS": "false",
        "DBT_STATIC_PARSER": "true",
    }


def find_failure(lines: Sequence[str]) -> str:
    """The part of dbt's output that says what failed: from its summary on, else the last lines."""
    starts = [number for number, line in enumerate(lines) if _SUMMARY.match(line)]
    told = lines[starts[-1] :] if starts else lines[-LINES_TOLD:]
    return "\n".join(line for line in told[:LINES_TOLD] if line.strip())
