"""The connector of the generation before: an environment of its own, for a client process."""

from __future__ import annotations

import subprocess
from pathlib import Path

from bot.sandbox.environments import exclusive, find_uv

REPOSITORY = Path(__file__).parents[3]
ENVIRONMENTS = REPOSITORY / ".sandbox" / "environments"
OLD_CONNECTOR = "4.8.1"


def build_old_connector() -> Path:
    """The interpreter of an environment with the 4.8 connector, built once."""
    folder = ENVIRONMENTS / f"connector-{OLD_CONNECTOR}"
    python = folder / "bin" / "python"
    with exclusive(ENVIRONMENTS / f"connector-{OLD_CONNECTOR}.building"):
        if not (folder / "built").exists():
            uv = find_uv()
            subprocess.run([uv, "venv", "--quiet", "--allow-existing", "--python", "3.11", str(folder)], check=True)
            wanted = f"snowflake-connector-python=={OLD_CONNECTOR}"
            subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), wanted], check=True)
            (folder / "built").touch()
    return python
