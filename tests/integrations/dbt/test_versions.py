"""Which versions of dbt's artifacts are read."""

from typing import Any

import pytest

from bot.errors import IntegrationError
from bot.integrations.dbt.versions import require_shape, require_version


def document(schema: Any) -> dict[str, Any]:
    """An artifact that says this of its version."""
    return {"metadata": {"dbt_schema_version": schema}}


@pytest.mark.parametrize("version", [4, 6])
def test_both_ends_are_read(version: int) -> None:
    """`range` ends before its stop."""
    require_version(document(f"https://schemas.getdbt.com/dbt/x/v{version}.json"), "x.json", range(4, 7))


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ("https://schemas.getdbt.com/dbt/x/v3.json", "x.json has version 3; the bot reads 4 to 6"),
        ("https://schemas.getdbt.com/dbt/x/v7.json", "x.json has version 7; the bot reads 4 to 6"),
        ("https://schemas.getdbt.com/dbt/x/v60.json", "x.json has version 60; the bot reads 4 to 6"),
        ("v5", "x.json does not say which version it has"),
        ("https://x/v99999.json", "x.json does not say which version it has"),
        ("https://x/v5.json?y", "x.json does not say which version it has"),
        (None, "x.json does not say which version it has"),
    ],
)
def test_any_other_is_refused_with_what_is_read(schema: Any, said: str) -> None:
    """Half understood, it would say wrong things."""
    with pytest.raises(IntegrationError) as refused:
        require_version(document(schema), "x.json", range(4, 7))
    assert refused.value.reason == said


def test_what_the_bot_itself_says_of_a_file_goes_through() -> None:
    """A version that is not read is not a file that is broken."""
    with pytest.raises(IntegrationError, match="does not say"), require_shape("x.json"):
        require_version(document(""), "x.json", range(4, 7))
