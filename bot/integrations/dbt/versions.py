"""Which versions of dbt's artifacts are read."""

import re
from collections.abc import Mapping
from typing import Any

from bot.errors import IntegrationError
from bot.integrations.dbt.places import SYSTEM

_VERSION = re.compile(r"/v(\d{1,4})\.json$")


def require_version(document: Mapping[str, Any], file: str, versions: range) -> None:
    """IntegrationError unless the artifact has one of these versions (`…/manifest/v12.json` in its metadata)."""
    found = _VERSION.search(str(document["metadata"].get("dbt_schema_version", "")))
    if found is None:
        raise IntegrationError(SYSTEM, f"{file} does not say which version it has")
    if int(found[1]) not in versions:
        read = f"{versions.start} to {versions.stop - 1}"
        raise IntegrationError(SYSTEM, f"{file} has version {found[1]}; the bot reads {read}")
