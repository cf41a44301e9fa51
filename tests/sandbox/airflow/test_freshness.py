"""The freshness check: the real output, told when something is stale."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.sandbox.airflow.freshness import check_freshness, main
from bot.sandbox.airflow.transform import DbtFailedError

FRESH = "print('03:26:23  1 of 1 PASS freshness of marts.fct_daily_revenue ...... [PASS in 0.08s]')"
STALE = """
results = [
    {"unique_id": "source.ecommerce.marts.fct_daily_revenue", "status": "error",
     "max_loaded_at": "2026-11-22T00:00:00+00:00", "max_loaded_at_time_ago_in_s": 98280.0},
    {"unique_id": "source.ecommerce.shop.raw_orders", "status": "pass"},
]
target = Path(os.environ["DBT_TARGET_PATH"])
target.mkdir(parents=True)
(target / "sources.json").write_text(json.dumps({"results": results}))
print("03:26:23  1 of 2 ERROR STALE freshness of marts.fct_daily_revenue ...... [ERROR STALE in 0.08s]")
print("03:26:23  2 of 2 PASS freshness of shop.raw_orders ............. [PASS in 0.08s]")
sys.exit(1)
"""


def test_fresh_data_is_no_news(make_dbt: Callable[[str], dict[str, str]]) -> None:
    """When every source passes there is nothing to tell."""
    assert check_freshness(make_dbt(FRESH)) is None


def test_stale_data_is_told_in_dbts_words(make_dbt: Callable[[str], dict[str, str]]) -> None:
    """The alert holds dbt's own lines about what is stale, and how old it is."""
    assert check_freshness(make_dbt(STALE)) == (
        "*dbt source freshness*\n"
        "```1 of 2 ERROR STALE freshness of marts.fct_daily_revenue ...... [ERROR STALE in 0.08s]\n"
        "marts.fct_daily_revenue: max_loaded_at 2026-11-22T00:00:00+00:00, 27.3 hours ago```"
    )


def test_a_source_that_cannot_be_read_is_not_called_stale(make_dbt: Callable[[str], dict[str, str]]) -> None:
    """A failing warehouse is an error of the check."""
    with pytest.raises(DbtFailedError, match="Database Error"):
        check_freshness(make_dbt("print('Encountered an error:\\\\nDatabase Error'); sys.exit(2)"))


def test_without_a_sandbox_the_check_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No record of a running sandbox, or one without a warehouse: exit 2 and a sentence."""
    assert main(["--state", str(tmp_path)]) == 2
    (tmp_path / "sandbox.json").write_text(json.dumps({"slack": {"url": "http://127.0.0.1:1"}}))
    assert main(["--state", str(tmp_path)]) == 2
    assert "'warehouse' does not run" in capsys.readouterr().err
