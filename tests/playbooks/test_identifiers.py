"""Names of alerts are spelt as words after the text, and nothing else of it changes."""

import pytest

from bot.playbooks.identifiers import MOST, spell_names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("AirflowSchedulerLoopDelay (prod)", "Airflow Scheduler Loop Delay"),
        ("PostgreSQLMaxConnectionsReached", "Postgresql Max Connections Reached"),
        ("PgBouncerMaxClientConn", "Pgbouncer Max Client Conn"),
        ("PostgresqlDeadLocksFound", "Postgresql Deadlocks Found"),
        ("SQLTransientConnectionException: closed", "SQL Transient Connection Exception"),
        ("[FIRING:2] dag_run_duration_sla", "dag run duration sla"),
        ("[FIRING:1] PostgresUnreachable", "Postgres Unreachable"),
        ("- alertname = pg_replication_lag", "pg replication lag"),
        ('ALARM: "rds-connections-high" in EU', "rds connections high"),
        ("AlarmName: unusual-spending", "unusual spending"),
    ],
)
def test_names_of_alerts_are_spelt_after_the_text(text: str, words: str) -> None:
    """CamelCase of three parts, and any name behind an alert's mark, stands as words on a line of its own."""
    assert spell_names(text) == f"{text}\n{words}"


@pytest.mark.parametrize(
    "text", ["", "load_raw_orders failed", "alarm on rds-main-2", "QueryCanceled", "myCamelCaseName", "A" * 50_000]
)
def test_other_names_stay_as_they_are(text: str) -> None:
    """Tables, tasks, short names and long runs of letters add nothing: their text comes back itself."""
    assert spell_names(text) is text


def test_a_name_is_spelt_once_and_only_twenty_are() -> None:
    """A text full of names grows by a bounded number of lines, the same name counts once."""
    names = [f"OneTwoThree{letter * 2}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    assert len(spell_names("\n".join(names)).splitlines()) == len(names) + MOST
    assert spell_names("OneTwoThree OneTwoThree").count("One Two Three") == 1
