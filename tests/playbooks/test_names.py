"""What a name in an alert says of others."""

import pytest

from bot.playbooks.names import complete_names, complete_test_name, split_test_name


@pytest.mark.parametrize(
    ("name", "kind", "model", "column"),
    [
        ("unique_stg_customers_customer_id", "unique", "stg_customers", "customer_id"),
        ("not_null_stg_indicators_date", "not_null", "stg_indicators", "date"),
        ("not_null_fct_daily_revenue_date", "not_null", "fct_daily_revenue", "date"),
        ("unique_dim_customer_customer_key", "unique", "dim_customer", "customer_key"),
        ("not_null_shop_dim_shop_code", "not_null", "shop_dim", "shop_code"),
        ("relationships_orders_customer_id__id__ref_customers_", "relationships", "orders", "customer_id"),
        ("relationships_fact_store_key__store_key__ref_store_", "relationships", "fact", "store_key"),
        ("accepted_values_orders_status__placed__shipped", "accepted_values", "orders", "status"),
        ("accepted_values_stg_shop__orders_status__placed", "accepted_values", "stg_shop__orders", "status"),
        ("dbt_expectations_expect_column_values_to_not_be_null_orders_amount", "not_null", "orders", "amount"),
        ("test.shop.unique_orders_id", "unique", "orders", "id"),
        ("not_null_dim_date_date_day", "not_null", "dim_date", "date_day"),
        ("not_null_stg_gross_margin_sku", "not_null", "stg_gross_margin", "sku"),
        ("not_null_dim_customer_is_active", "not_null", "dim_customer", "is_active"),
        ("unique_int_order_items_joined_order_item_id", "unique", "int_order_items_joined", "order_item_id"),
        ("dbt_utils_accepted_range_orders_amount__True__0", "custom", "orders", "amount"),
        ("dbt_expectations_expect_column_values_to_be_in_set_users_role__a__b", "custom", "users", "role"),
        ("dbt_expectations_expect_column_to_exist_users_email", "custom", "users", "email"),
        ("dbt_utils_not_accepted_values_orders_status__x", "accepted_values", "orders", "status"),
        ("positive_value_fct_trips_distance", "custom", "fct_trips", "distance"),
        ("unique_join_card_account__LINK_ID_", "unique", "join_card_account", "link_id"),
        ("not_null_stg_shop__visit_VISIT_ID", "not_null", "stg_shop__visit", "visit_id"),
        ("source_not_null_shop_VISITS_VISIT_ID", "not_null", "shop_visits", "visit_id"),
        ("not_null_stg_shops__orders_status", "not_null", "stg_shops__orders", "status"),
        ("accepted_values_stg_shops__orders_status__a__b", "accepted_values", "stg_shops__orders", "status"),
        ("not_null_stg_orders__fivetran_synced", "not_null", "stg_orders", "_fivetran_synced"),
        ("unique_int_orders__pivoted_order_id", "unique", "int_orders__pivoted", "order_id"),
        ("accepted_values_between_0_5_stg_games__games_stars", "accepted_values", "stg_games__games", "stars"),
        ("values_between_0_and_100_orders_discount", "custom", "orders", "discount"),
        ("is_greater_than_0_fct_trips_distance", "custom", "fct_trips", "distance"),
        ("min_value_stg_orders_amount", "custom", "stg_orders", "amount"),
        ("valid_email_customers_contact", "custom", "customers", "contact"),
        ("not_null_stg_pos_receipts_store_id", "not_null", "stg_pos_receipts", "store_id"),
        ("not_null_stg_ads_campaign", "not_null", "stg_ads", "campaign"),
        ("unique_van_trip_van_trip_id", "unique", "van_trip", "van_trip_id"),
        ("relationships_van_trip_van_id__id__ref_dim_van_", "relationships", "van_trip", "van_id"),
        ("accepted_values_my_table_does_match__False__True", "accepted_values", "my_table", "does_match"),
    ],
)
def test_a_generic_test_names_its_rule_its_model_and_its_column(name: str, kind: str, model: str, column: str) -> None:
    """dbt joins rule, model, column and arguments; the model ends at its plural or its layer's suffix."""
    assert split_test_name(name) == {"test_kind": kind, "model": model, "column": column}


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("dbt_utils_unique_combination_of_columns_fct_targets_player_id__day", "fct_targets"),
        ("not_null_proportion_multiple_columns_shop__operation_0_65", "shop__operation"),
        ("dbt_utils_unique_combination_of_columns_shop__state_shop_id__day", "shop__state"),
        ("dbt_expectations_expect_table_row_count_to_equal_other_table_trips_ref_legs_", "trips"),
        ("dbt_utils_equal_rowcount_fct_trips_ref_stg_trips_", "fct_trips"),
        ("unique_combination_dim_vans_van_id__valid_from", "dim_vans"),
        ("dbt_expectations_expect_compound_columns_to_be_unique_trips_van_id__day", "trips"),
        ("dbt_utils_expression_is_true_stg_taxi__cleaned_DATEDIFF_minute_a_b_BETWEEN_1_AND_2_", "stg_taxi__cleaned"),
        ("dbt_utils_unique_combination_of_columns_trades__bond_TX_ID__BLOCK_ID", "trades__bond"),
        ("dbt_expectations_expect_row_values_to_have_recent_data_fct_rides_day__1__at", "fct_rides"),
        ("dbt_expectations_expect_column_pair_values_A_to_be_greater_than_B_trips_a__b", "trips"),
        ("elementary_volume_anomalies_fct_trip_started_at", "fct_trip"),
    ],
)
def test_a_rule_on_several_columns_names_none(name: str, model: str) -> None:
    """Which of its words are columns cannot be told, so only the model is."""
    assert split_test_name(name).get("model") == model
    assert "column" not in split_test_name(name)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("assert_positive_revenue", "custom"),
        ("assert_customer_data_freshness", "freshness"),
        ("dbt_utils_recency_orders", "freshness"),
        ("relationships", "relationships"),
        ("accepted_values_x", "accepted_values"),
    ],
)
def test_another_test_gives_its_kind_alone(name: str, kind: str) -> None:
    """A singular test, or a bare rule, names no model."""
    assert split_test_name(name) == {"test_kind": kind}


def test_a_model_that_is_only_the_name_of_the_dag_gives_way_to_the_test_s() -> None:
    """`stg_checks` names a DAG like a model; where the test is of that model, or names none, it stays."""
    given = {"dag_id": "stg_checks", "model": "stg_checks", "test_name": "not_null_stg_orders_amount"}
    assert complete_names(given)["model"] == "stg_orders"
    assert "model" not in complete_names(given | {"test_name": "assert_revenue"})
    own = {"task_id": "stg_gross", "model": "stg_gross", "test_name": "not_null_stg_gross_margin_of_day"}
    assert "model" not in complete_names(own)


@pytest.mark.parametrize(
    ("text", "model", "column"),
    [
        ("(models/fleet/van_trip.yml)", "van_trip", "stop_kind"),
        ("van_trip has 3 rows", "van_trip", "stop_kind"),
        ("(models/fleet/van.yml)", "van", "trip_stop_kind"),
        ("(models/van/_van.yml)", "van_trip_stop", "kind"),
        ("(models/van_trip/schema.yml)", "van_trip_stop", "kind"),
    ],
)
def test_a_model_that_the_text_names_besides_is_better_than_a_guess(text: str, model: str, column: str) -> None:
    """A file or the model itself is, a folder is not."""
    found = complete_names({"test_name": "not_null_van_trip_stop_kind"}, text)
    assert found == {"test_kind": "not_null", "model": model, "column": column}


def test_a_plural_is_not_cut_short_by_a_name_of_the_text() -> None:
    """models/shop.yml holds several models: the one that a test's name tells stays."""
    found = complete_names({"test_name": "not_null_shop_orders_id"}, "(models/shop.yml)")
    assert found["model"] == "shop_orders"


def test_what_an_alert_says_itself_is_not_guessed() -> None:
    """A value that was read stays; only what is missing follows from other names."""
    given = {"test_name": "unique_orders_id", "model": "orders_of_today", "table": "RAW.SHOP.ORDERS"}
    assert complete_names(given) == {"test_kind": "unique", "column": "id", "database": "RAW", "schema": "SHOP"}
    assert complete_names({"table": "catalogue:sales.orders"}) == {"database": "catalogue", "schema": "sales"}
    assert complete_names({"table": "sales.orders"}) == {}
    assert complete_names({}) == {}


@pytest.mark.parametrize(
    ("name", "text", "full"),
    [
        (
            "accepted_range",
            "Test: dbt_utils_accepted_range_orders_amount__0",
            "dbt_utils_accepted_range_orders_amount__0",
        ),
        ("not_null", "see not_null_stg_orders_id (models/x.yml)", "not_null_stg_orders_id"),
        ("accepted_range", "accepted_range failed", "accepted_range"),
        ("unique", "the unique_stg_orders_id test", "unique"),
        ("not_null_orders_id", "not_null_orders_id_too", "not_null_orders_id"),
    ],
)
def test_a_bare_rule_gives_way_to_the_full_name(name: str, text: str, full: str) -> None:
    """Elementary's headings name the rule only; a name that tells its model stays."""
    assert complete_test_name(name, text) == full


def test_a_teams_own_rule_of_a_model_tells_it_by_its_layer() -> None:
    """dbt ends the name with `_` where a rule has no column."""
    assert split_test_name("funnel_completeness_rep_sales_weekly_") == {
        "test_kind": "custom",
        "model": "rep_sales_weekly",
    }
    assert split_test_name("funnel_completeness_sales_") == {"test_kind": "custom"}
