"""Runs inside an environment that holds another connector: one JSON command a line in, one answer a line out."""

import json
import sys

import snowflake.connector

CONNECTIONS = {}


def carry_out(command):
    """Connect, log out, or run one statement; the answer is columns, rows and row count, or the error."""
    name = command["name"]
    try:
        if "options" in command:
            CONNECTIONS[name] = snowflake.connector.connect(**command["options"])
            return {"version": snowflake.connector.__version__}
        if command.get("close"):
            CONNECTIONS.pop(name).close()
            return {}
        with CONNECTIONS[name].cursor() as cursor:
            return run(cursor, command)
    except snowflake.connector.errors.Error as error:
        return {"errno": error.errno, "sqlstate": error.sqlstate, "message": str(error.msg)}


def run(cursor, command):
    """One statement."""
    if command.get("many"):
        cursor.executemany(command["sql"], [tuple(row) for row in command["many"]])
    else:
        cursor.execute(command["sql"], command.get("values"))
    rows = [list(row) for row in cursor.fetchall()] if cursor.description else []
    return {"columns": [c.name for c in cursor.description or ()], "rows": rows, "count": cursor.rowcount}


for line in sys.stdin:
    print(json.dumps(carry_out(json.loads(line)), default=str), flush=True)
