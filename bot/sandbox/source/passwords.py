"""Who may log in to the source database, and with which password (standard library only)."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from urllib.parse import quote

DATABASE = "ecommerce_source"
SUPERUSER = "postgres"
ROLES = (SUPERUSER, "shop_app", "airflow_extract", "runbook_read", "runbook_change")


def make_passwords(folder: Path) -> dict[str, str]:
    """The passwords of `folder/passwords.json`; the file (0600) is made with random ones if absent."""
    path = folder / "passwords.json"
    if not path.exists():
        passwords = {role: secrets.token_urlsafe(18) for role in ROLES}
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(passwords, file, indent=2)
    return read_passwords(folder)


def read_passwords(folder: Path) -> dict[str, str]:
    """Role to password, as written by `make_passwords`; FileNotFoundError when it never ran."""
    passwords: dict[str, str] = json.loads((folder / "passwords.json").read_text())
    return passwords


def connection_url(folder: Path, port: int, role: str, database: str = DATABASE) -> str:
    """A libpq URL for `role` on this machine."""
    password = quote(read_passwords(folder)[role], safe="")
    return f"postgresql://{role}:{password}@127.0.0.1:{port}/{database}"
