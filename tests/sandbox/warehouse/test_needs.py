"""What a statement needs, told from its syntax tree, and what a role is told that lacks it."""

import pytest
import sqlglot

from bot.sandbox.warehouse.access import authorise
from bot.sandbox.warehouse.errors import Refusal
from bot.sandbox.warehouse.needs import needs


def needed(account, text):
    """(privileges, kind, name) of everything the statement needs."""
    session = account.session("READ")
    return [(one.privileges, one.kind, one.name) for one in needs(sqlglot.parse_one(text, read="snowflake"), session)]


def table(privilege, name="D.S.T"):
    """A need of one privilege on a table."""
    return ((privilege,), "TABLE", name)


OWNED = table("OWNERSHIP")
NEEDS = [
    ("SELECT 1", []),
    ("SELECT * FROM t", [table("SELECT")]),
    ('SELECT * FROM "t"', [table("SELECT", "D.S.t")]),
    ("SELECT * FROM other.t", [table("SELECT", "D.OTHER.T")]),
    ("SELECT * FROM e.s.t", [table("SELECT", "E.S.T")]),
    ("SELECT * FROM t, u", [table("SELECT"), table("SELECT", "D.S.U")]),
    ("SELECT (SELECT max(x) FROM u) FROM t", [table("SELECT"), table("SELECT", "D.S.U")]),
    ("SELECT 1 UNION SELECT x FROM t", [table("SELECT")]),
    ("WITH u AS (SELECT * FROM t) SELECT * FROM u", [table("SELECT")]),
    ("WITH t AS (SELECT 1) SELECT * FROM d.s.t", [table("SELECT")]),
    ("SELECT * FROM t WHERE x IN (WITH t AS (SELECT 1 AS x) SELECT x FROM t)", [table("SELECT")]),
    ("SELECT * FROM information_schema.tables", [((), "DATABASE", "D")]),
    (
        "SELECT * FROM snowflake.account_usage.query_history",
        [(("USAGE", "IMPORTED PRIVILEGES"), "SNOWFLAKE", "SNOWFLAKE.ACCOUNT_USAGE")],
    ),
    ("INSERT INTO t VALUES (1)", [table("INSERT")]),
    ("INSERT INTO t SELECT * FROM u", [table("INSERT"), table("SELECT", "D.S.U")]),
    ("INSERT OVERWRITE INTO t SELECT * FROM u", [table("INSERT"), table("DELETE"), table("SELECT", "D.S.U")]),
    ("UPDATE t SET x = 1", [table("UPDATE")]),
    ("DELETE FROM t WHERE x IN (SELECT x FROM u)", [table("DELETE"), table("SELECT", "D.S.U")]),
    ("TRUNCATE TABLE t", [table("TRUNCATE")]),
    ("ALTER TABLE t ADD COLUMN x INT", [OWNED]),
    ("DROP TABLE t", [OWNED]),
    ("DROP SCHEMA s", [(("OWNERSHIP",), "SCHEMA", "D.S")]),
    ("DROP DATABASE d", [(("OWNERSHIP",), "DATABASE", "D")]),
    ("CREATE TABLE x (a INT)", [(("CREATE TABLE",), "SCHEMA", "D.S")]),
    ("CREATE TABLE x AS SELECT * FROM t", [(("CREATE TABLE",), "SCHEMA", "D.S"), table("SELECT")]),
    ("CREATE OR REPLACE TABLE t (a INT)", [(("CREATE TABLE",), "SCHEMA", "D.S"), OWNED]),
    ("CREATE TEMPORARY TABLE x (a INT)", [(("USAGE",), "SCHEMA", "D.S")]),
    ("CREATE VIEW x AS SELECT * FROM t", [(("CREATE VIEW",), "SCHEMA", "D.S"), table("SELECT")]),
    ("CREATE SCHEMA x", [(("CREATE SCHEMA",), "DATABASE", "D")]),
    ("CREATE DATABASE x", [(("CREATE DATABASE",), "ACCOUNT", "SANDBOX")]),
    ("COMMENT ON TABLE t IS 'x'", [OWNED]),
    ("COPY INTO t FROM @landing", [table("INSERT")]),
    ("DESC TABLE t", [((), "TABLE", "D.S.T")]),
    ("BEGIN", []),
    ("ROLLBACK", []),
]


@pytest.mark.parametrize(("text", "found"), NEEDS, ids=[text for text, _ in NEEDS])
def test_what_a_statement_needs(account, text, found):
    """Tables read and changed, wherever they stand; a WITH query's name is no table, a full name always one."""
    assert sorted(needed(account, text)) == sorted(found)


def test_a_merge_needs_what_it_does(account):
    """Each kind of WHEN brings its own privilege, and the source is read."""
    text = """MERGE INTO t USING u ON t.x = u.x
    WHEN MATCHED AND u.y THEN DELETE WHEN MATCHED THEN UPDATE SET x = 1 WHEN NOT MATCHED THEN INSERT (x) VALUES (1)"""
    assert sorted(needed(account, text)) == sorted(
        [table("DELETE"), table("UPDATE"), table("INSERT"), table("SELECT", "D.S.U")]
    )


UNSUPPORTED = [
    ("COPY INTO @landing FROM t", "COPY INTO <location>"),
    ("SELECT * FROM read_csv('/etc/passwd')", "FROM"),
    ("SELECT * FROM TABLE(duckdb_tables())", "TABLE(DUCKDB_TABLES)"),
    ("CREATE FUNCTION f() AS 'x'", "CREATE FUNCTION"),
]


@pytest.mark.parametrize(("text", "said"), UNSUPPORTED)
def test_what_the_engine_could_do_besides_is_refused(account, text, said):
    """The engine's own functions and what Snowflake would do elsewhere are no way round the checks."""
    with pytest.raises(Refusal) as caught:
        needed(account, text)
    assert (caught.value.code, said in caught.value.message) == ("000002", True)


@pytest.mark.parametrize(("database", "schema", "code"), [(None, None, "090105"), ("D", None, "090106")])
def test_a_name_needs_a_session_that_completes_it(account, database, schema, code):
    """Without a current database or schema only a full name is one."""
    session = account.session("READ")
    session.lane.database, session.lane.schema = database, schema
    with pytest.raises(Refusal) as caught:
        list(needs(sqlglot.parse_one("SELECT * FROM t", read="snowflake"), session))
    assert caught.value.code == code
    assert list(needs(sqlglot.parse_one("SELECT * FROM d.s.t", read="snowflake"), session))


USAGE = [("USAGE", "DATABASE", "D"), ("USAGE", "SCHEMA", "D.S")]
CHECKS = [
    ("SELECT * FROM t", [], "002003", "Database 'D' does not exist or not authorized."),
    ("SELECT * FROM t", USAGE[:1], "002003", "Schema 'D.S' does not exist or not authorized."),
    ("SELECT * FROM t", USAGE, "002003", "Object 'D.S.T' does not exist or not authorized."),
    ("SELECT * FROM nope", USAGE, "002003", "Object 'D.S.NOPE' does not exist or not authorized."),
    ("SELECT * FROM e.s.t", USAGE, "002003", "Database 'E' does not exist or not authorized."),
    ("SELECT * FROM t", [*USAGE, ("INSERT", "TABLE", "D.S.T")], "003001", "operate on table 'T'"),
    ("SELECT * FROM v", [*USAGE, ("REFERENCES", "VIEW", "D.S.V")], "003001", "operate on view 'V'"),
    ("DROP TABLE t", [*USAGE, ("SELECT", "TABLE", "D.S.T")], "003001", "operate on table 'T'"),
    ("CREATE TABLE x (a INT)", USAGE, "003001", "operate on schema 'S'"),
    ("CREATE SCHEMA x", USAGE, "003001", "operate on database 'D'"),
    ("CREATE DATABASE x", [], "003001", "operate on account 'SANDBOX'"),
    ("SELECT * FROM snowflake.account_usage.users", [], "002003", "Schema 'SNOWFLAKE.ACCOUNT_USAGE' does not exist"),
]


@pytest.mark.parametrize(("text", "held", "code", "said"), CHECKS)
def test_what_a_role_is_told(account, text, held, code, said):
    """Unseen objects do not exist, from the database down; seen ones say which privilege's object is meant."""
    account.give("READ", *held)
    with pytest.raises(Refusal) as caught:
        authorise(sqlglot.parse_one(text, read="snowflake"), account.session("READ"), account)
    assert (caught.value.code, said in caught.value.message) == (code, True)


ALLOWED = [
    ("SELECT * FROM t", ("SELECT", "TABLE", "D.S.T")),
    ("SELECT * FROM v", ("SELECT", "VIEW", "D.S.V")),
    ("DELETE FROM t", ("OWNERSHIP", "TABLE", "D.S.T")),
    ("CREATE TABLE x (a INT)", ("CREATE TABLE", "SCHEMA", "D.S")),
    ("DROP TABLE IF EXISTS nope", ("SELECT", "TABLE", "D.S.T")),
    ("SELECT * FROM information_schema.tables", ("SELECT", "TABLE", "D.S.T")),
]


@pytest.mark.parametrize(("text", "privilege"), ALLOWED)
def test_what_a_role_may_do(account, text, privilege):
    """With its privilege, and anything at all on schema and database, a statement passes."""
    account.give("READ", *USAGE, privilege)
    authorise(sqlglot.parse_one(text, read="snowflake"), account.session("READ"), account)


def test_a_temporary_table_is_its_sessions(account):
    """What the session made itself needs no privilege, another session's is not there."""
    session = account.session("READ", temporary={"D.S.MINE"})
    account.give("READ", *USAGE)
    tree = sqlglot.parse_one("INSERT INTO mine VALUES (1)", read="snowflake")
    authorise(tree, session, account)
    with pytest.raises(Refusal, match=r"Object 'D\.S\.MINE' does not exist"):
        authorise(tree, account.session("READ"), account)


def test_the_control_interface_meets_no_checks(account):
    """Its session is let pass, whatever the statement."""
    authorise(sqlglot.parse_one("DROP DATABASE d", read="snowflake"), account.session("READ", enforce=False), account)
