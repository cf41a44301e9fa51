"""A program that stands for dbt, in tests that are not about dbt."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

MakeDbt = Callable[..., dict[str, str]]


@pytest.fixture
def make_dbt(tmp_path: Path) -> MakeDbt:
    """Write a dbt that runs `program` (Python); returns the variables that lead to it."""

    def make(program: str) -> dict[str, str]:
        dbt = tmp_path / "program"
        dbt.write_text(f"#!{sys.executable}\nimport json, os, sys\nfrom pathlib import Path\n{program}\n")
        dbt.chmod(0o755)
        return {"SANDBOX_DBT": str(dbt), "SANDBOX_FOLDER": str(tmp_path), "SANDBOX_WAREHOUSE_PORT": "1"}

    return make
