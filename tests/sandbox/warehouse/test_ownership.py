"""Who owns what a statement makes, and what goes with what it drops."""

from __future__ import annotations

import pytest
import sqlglot

from bot.sandbox.warehouse import ownership
from bot.sandbox.warehouse.grants import Grant
from bot.sandbox.warehouse.ownership import Change


def change_of(account, text):
    """What the statement will change."""
    return ownership.of(sqlglot.parse_one(text, read="snowflake"), account.session("READ"), account)


NEW, OLD = ("TABLE", "D.S.NEW"), ("TABLE", "D.S.T")
CHANGES = [
    ("CREATE TABLE new (a INT)", Change((NEW,))),
    ("CREATE TRANSIENT TABLE new AS SELECT 1", Change((NEW,))),
    ("CREATE VIEW d.s.new AS SELECT 1", Change((("VIEW", "D.S.NEW"),))),
    ("CREATE TABLE IF NOT EXISTS t (a INT)", Change()),
    ("CREATE OR REPLACE TABLE t (a INT)", Change((OLD,), (OLD, ("VIEW", "D.S.T")))),
    ("CREATE OR REPLACE TABLE new (a INT)", Change((NEW,))),
    ("CREATE TEMPORARY TABLE new (a INT)", Change(temporary="D.S.NEW")),
    ("CREATE SCHEMA new", Change((("SCHEMA", "D.NEW"),))),
    ("CREATE DATABASE new", Change((("DATABASE", "NEW"),), public_schema="NEW")),
    ("DROP TABLE t", Change(gone=(OLD,))),
    ("DROP VIEW IF EXISTS v", Change(gone=(("VIEW", "D.S.V"),))),
    ("DROP SCHEMA d.s", Change(gone=(("SCHEMA", "D.S"),))),
    ("ALTER TABLE t RENAME TO new", Change((NEW,), (OLD,))),
    ("ALTER TABLE t ADD COLUMN b INT", Change()),
    ("INSERT INTO t VALUES (1)", Change()),
    ("SELECT * FROM t", Change()),
]


@pytest.mark.parametrize(("text", "change"), CHANGES, ids=[text for text, _ in CHANGES])
def test_what_a_statement_changes(account, text, change):
    """Told before it runs, from its syntax tree and what is there."""
    assert change_of(account, text) == change


def test_a_replaced_table_is_a_new_one(account):
    """Documented: grants on the old one are lost, future grants apply, and who made it owns it."""
    account.give("OPS", ("SELECT", "TABLE", "D.S.T"))
    account.give("OWNER", ("OWNERSHIP", "TABLE", "D.S.T"))
    account.grants.add(Grant("SELECT", "TABLE", "D.S", "PUBLIC"), future=True)
    ownership.apply(change_of(account, "CREATE OR REPLACE TABLE t (a INT)"), account.session("READ"), account)
    assert {(g.role, g.privilege) for g in account.grants.on("TABLE", "D.S.T")} == {
        ("READ", "OWNERSHIP"),
        ("PUBLIC", "SELECT"),
    }


def test_a_temporary_table_is_remembered_until_it_is_dropped(account):
    """It belongs to the session, and nobody is granted anything."""
    session = account.session("READ")
    ownership.apply(change_of(account, "CREATE TEMPORARY TABLE mine (a INT)"), session, account)
    assert (session.temporary, account.grants.on("TABLE", "D.S.MINE")) == ({"D.S.MINE"}, [])
    ownership.apply(change_of(account, "DROP TABLE mine"), session, account)
    assert session.temporary == set()
