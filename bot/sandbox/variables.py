"""The environment variables a part sees: a small inherited set and its own, never the developer's secrets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.sandbox.part import Context, Part

INHERITED = (
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"),
)
"""Nothing that names an account: a sandbox must not page anybody because PAGERDUTY_ROUTING_KEY was set."""


def link_package(context: Context) -> Path:
    """A folder in the state that holds only a link to `bot`, for PYTHONPATH."""
    folder = context.state / "import"
    folder.mkdir(exist_ok=True)
    link = folder / "bot"
    if not link.is_symlink() or link.resolve() != context.repository / "bot":
        link.unlink(missing_ok=True)
        link.symlink_to(context.repository / "bot", target_is_directory=True)
    return folder


def part_variables(context: Context, part: Part, inherited: Mapping[str, str]) -> dict[str, str]:
    """All variables of one part; programs of its environment come first on PATH."""
    variables = {name: inherited[name] for name in INHERITED if name in inherited}
    if part.environment:
        programs = str(context.python(part.environment).parent)
        variables["PATH"] = f"{programs}:{variables.get('PATH', '/usr/bin:/bin')}"
    variables |= {"PYTHONPATH": str(context.state / "import"), "PYTHONUNBUFFERED": "1"}
    return variables | dict(part.variables)
