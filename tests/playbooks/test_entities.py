"""Only what a type allows passes, in one normal form."""

import pytest

from bot.errors import EntityError
from bot.playbooks.entities import EntityType, normalise_entity


@pytest.mark.parametrize(
    ("type", "value", "normal"),
    [
        ("dag_id", " `ecommerce_daily` ", "ecommerce_daily"),
        ("dag_id", "hourly.contracts.", "hourly.contracts"),
        ("task_id", "group.extract-orders", "group.extract-orders"),
        ("run_id", "scheduled__2026-11-20T02:00:00+00:00", "scheduled__2026-11-20T02:00:00+00:00"),
        ("try_number", "2 of 3", "2"),
        ("try_number", "#03", "3"),
        ("snowflake_identifier", "'loading_wh'", "LOADING_WH"),
        ("warehouse", "Loading_WH", "LOADING_WH"),
        ("role", "transformer", "TRANSFORMER"),
        ("table", "ecommerce:marts.fct_revenue", "ecommerce:marts.fct_revenue"),
        ("table", '"RAW"."SHOP"."ORDERS"', "RAW.SHOP.ORDERS"),
        ("identifier", '"loyalty_tier"', "loyalty_tier"),
        ("identifier", "forex-db", "forex-db"),
        ("test_name", "test.shop.unique_orders_id", "test.shop.unique_orders_id"),
        ("error_code", "090073", "090073"),
        ("error_code", "rate_limit", "rate_limit"),
        ("http_status", "429", "429"),
        ("query_id", "01B2C3D4-0000-1111-0000-000000000042", "01b2c3d4-0000-1111-0000-000000000042"),
        ("host", "Replica-2.PG.internal:5432", "replica-2.pg.internal:5432"),
        ("url", "https://airflow.example/dags/x?a=1", "https://airflow.example/dags/x?a=1"),
        ("number", "+12.50", "12.5"),
        ("number", "007", "7"),
        ("text", "two\nlines\x00", "two lines"),
    ],
)
def test_a_valid_value_comes_out_in_its_normal_form(type: str, value: str, normal: str) -> None:
    """Quotes and white space fall away, and each type has one way to write a value."""
    assert normalise_entity(EntityType(type), value) == normal


@pytest.mark.parametrize(
    ("type", "value"),
    [
        ("dag_id", "x; DROP TABLE y"),
        ("dag_id", "../../etc/passwd"),
        ("task_id", "a b"),
        ("run_id", "scheduled__`2026"),
        ("try_number", "many"),
        ("snowflake_identifier", '"odd name"'),
        ("snowflake_identifier", "WH'; SELECT 1 --"),
        ("snowflake_identifier", "ＷＨ"),
        ("table", "a.b.c.d.e.f"),
        ("identifier", "a.b"),
        ("identifier", "größe"),
        ("test_name", "not null"),
        ("error_code", "57014; --"),
        ("http_status", "999"),
        ("http_status", "42"),
        ("query_id", "01b2"),
        ("host", "-x"),
        ("host", "host name"),
        ("url", "javascript:alert(1)"),
        ("url", "https://x/<!channel>"),
        ("number", "1e999"),
        ("text", "\x00 \n"),
        ("dag_id", "d" * 251),
        ("dag_id", ""),
    ],
)
def test_anything_else_is_refused(type: str, value: str) -> None:
    """Quotes, spaces, markup, look-alike letters and overlong values never become an entity."""
    with pytest.raises(EntityError):
        normalise_entity(EntityType(type), value)


def test_a_refusal_shows_the_value_without_its_control_characters() -> None:
    """The message is safe to show, since the value came from an alert."""
    with pytest.raises(EntityError) as refused:
        normalise_entity(EntityType.DAG_ID, "a\x1b[31m\nb" + "x" * 500)
    assert "\x1b" not in str(refused.value)
    assert len(str(refused.value)) < 150


@pytest.mark.parametrize("type", list(EntityType))
def test_normal_forms_are_stable(type: EntityType) -> None:
    """Normalising a normal form changes nothing, so an entity can be stored and read again."""
    for value in ("ab_1", "7", "a.b", "https://x/y", "01b2c3d4-0000-1111-0000-000000000042"):
        try:
            once = normalise_entity(type, value)
        except EntityError:
            continue
        assert normalise_entity(type, once) == once
