"""Ids of Airflow: checked before they stand in an address, where `~` would mean all of them."""

import re

from bot.errors import EntityError

_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,249}")
_RUN_ID = re.compile(r"[A-Za-z0-9_.~:+-]{1,250}")


def checked_id(text: str, kind: str) -> str:
    """A dag_id or task_id; EntityError for anything that cannot be one."""
    if not _ID.fullmatch(text.strip()):
        raise EntityError(f"{text[:60]!r} is not the id of a {kind}.")
    return text.strip()


def checked_run_id(text: str) -> str:
    """A run_id; EntityError for anything that cannot be one."""
    if not _RUN_ID.fullmatch(text.strip()) or text.strip() == "~":
        raise EntityError(f"{text[:60]!r} is not the id of a run.")
    return text.strip()
