"""What dbt prints about a failure, in each of the places where it lands."""

import pytest

from bot.diagnostics.derivations.dbt_output import NO_ERROR, ToldFailure, told_error, told_failures, told_results

REFUSED = """Completed with 1 error, 0 partial successes, and 0 warnings:

Failure in model fct_orders (models/marts/fct_orders.sql)
  Database Error in model fct_orders (models/marts/fct_orders.sql)
  003001 (42501): SQL access control error:
  Insufficient privileges to operate on schema 'MARTS'
  compiled code at target/run/ecommerce/models/marts/fct_orders.sql

Done. PASS=2 WARN=0 ERROR=1 SKIP=2 NO-OP=0 TOTAL=5"""
TWO_TESTS = """Failure in test unique_orders_id (models/schema.yml)
  Got 12 results, configured to fail if != 0
Warning in test not_null_orders_id (models/schema.yml)
Failure in test unique_orders_id (models/schema.yml)"""


def test_each_failed_node_is_told_once_in_its_order() -> None:
    """The summary names a model twice: the failure, and the database's error."""
    assert told_failures(REFUSED) == (ToldFailure("model", "fct_orders", "models/marts/fct_orders.sql"),)
    assert [one.name for one in told_failures(TWO_TESTS)] == ["unique_orders_id", "not_null_orders_id"]
    assert told_results(TWO_TESTS) == 12
    assert told_results(REFUSED) is None


@pytest.mark.parametrize("text", [REFUSED, " ".join(REFUSED.split())], ids=["as printed", "on one line, as a log"])
def test_an_error_is_one_sentence_with_its_code_and_object(text: str) -> None:
    """Where the SQL lies is no part of the sentence."""
    error = told_error(text)
    assert error.sentence == "SQL access control error: Insufficient privileges to operate on schema 'MARTS'"
    assert (error.code, error.sqlstate, error.meaning) == ("003001", "42501", "a missing privilege")
    assert (error.object_kind, error.object) == ("schema", "MARTS")
    assert error.compiled_path == "target/run/ecommerce/models/marts/fct_orders.sql"


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (
            "SQL compilation error: error line 13 at position 8\n  invalid identifier 'O.CURRENCY'",
            ("column", "CURRENCY"),
        ),
        ("SQL compilation error:\n  Object 'A.B.C' does not exist or not authorized.", ("object", "A.B.C")),
        ("Table 'HIST' already exists, but current role has no privileges on it.", ("table", "HIST")),
        ("permission denied for schema marts", ("schema", "marts")),
        ("Numeric value 'N/A' is not recognized", ("", "")),
    ],
)
def test_what_the_error_is_about_is_named(sentence: str, found: tuple[str, str]) -> None:
    """A value in quotes is no object."""
    error = told_error(f"Database Error in model stg (models/stg.sql)\n  000904 (42000): {sentence}")
    assert (error.object_kind, error.object) == found


def test_an_error_without_a_code_is_told_too() -> None:
    """PostgreSQL and BigQuery number nothing; line and position are then unknown."""
    error = told_error(
        "Database Error in model m (m.sql)\n  permission denied for schema marts\n  compiled code at t/m.sql"
    )
    assert (error.sentence, error.code, error.line) == ("permission denied for schema marts", "", 0)
    assert told_error("all is well") == NO_ERROR


def test_a_long_text_costs_no_more_than_its_length() -> None:
    """Twenty thousand beginnings that never end, and a sentence is cut short."""
    assert len(told_error("000904 (42000): " + "x" * 50_000).sentence) == 300
    assert told_failures("failure in model (" * 20_000) == ()
