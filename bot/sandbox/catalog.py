"""The parts there are, and which of them a run needs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.sandbox.airflow import part as airflow
from bot.sandbox.airflow.configuration import write_passwords
from bot.sandbox.dashboard import part as dashboard
from bot.sandbox.errors import SandboxError
from bot.sandbox.keys import make_keys
from bot.sandbox.part import Context, Part
from bot.sandbox.slack import part as slack
from bot.sandbox.source import part as source
from bot.sandbox.stripe import part as stripe
from bot.sandbox.warehouse import part as warehouse

DESCRIPTIONS: dict[str, Callable[[Context], Part]] = {
    "slack": lambda context: replace(slack.describe(context), prepare=lambda c: forget_earlier(c, "slack")),
    "source": source.describe,
    "stripe": stripe.describe,
    "warehouse": lambda context: replace(warehouse.describe(context), prepare=write_keys),
    "airflow": lambda context: replace(airflow.describe(context), prepare=write_airflow_passwords),
    "dashboard": dashboard.describe,
}
PARTS = tuple(DESCRIPTIONS)


def describe_parts(context: Context, names: Iterable[str]) -> list[Part]:
    """The parts in `names` and what they depend on; SandboxError for a name that is none."""
    wanted = list(names)
    if unknown := set(wanted) - set(PARTS):
        raise SandboxError(f"there is no part {', '.join(sorted(unknown))}: the parts are {', '.join(PARTS)}")
    described: dict[str, Part] = {}
    while wanted:
        part = DESCRIPTIONS[wanted.pop()](context)
        described[part.name] = part
        wanted += [name for name in part.depends_on if name not in described]
    return [described[name] for name in PARTS if name in described]


def forget_earlier(context: Context, part: str) -> None:
    """Empty a part's folder: source, warehouse and Airflow begin anew, so no message or incident may be older."""
    shutil.rmtree(context.folder(part))
    context.folder(part).mkdir(mode=0o700)


def write_keys(context: Context) -> None:
    """The warehouse users' key pairs, made where `cryptography` is: in the bot's environment."""
    make_keys(context.keys())


def write_airflow_passwords(context: Context) -> None:
    """Before anything starts, so that the bot can be given its login."""
    write_passwords(context.folder("airflow") / "passwords.json")
