"""Which versions of dbt's artifacts are read, and what is said of files that only look like them."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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


@contextmanager
def require_shape(file: str) -> Iterator[None]:
    """IntegrationError for a file whose parts are not what dbt puts there: edited by hand, or somebody else's."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise IntegrationError(SYSTEM, f"{file} is not as dbt writes it ({type(error).__name__})") from error
