"""Which DAG files Airflow cannot read, and whether the alert's DAG is one of them."""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import AccessDenied
from bot.integrations.airflow.probes.imports import (
    LONGEST,
    SHOWN,
    ImportErrorsArguments,
    import_errors_from,
    read_import_errors,
)
from tests.integrations.airflow.builders import GONE, airflow

TRACE = (
    'Traceback (most recent call last):\n  File "/dags/a.py", line 3, in <module>\n    import x\nImportError: no x\n'
)


def problem(filename: str = "a.py", trace: str | None = TRACE) -> dict[str, Any]:
    """A row of the import errors."""
    return {"filename": filename, "stack_trace": trace, "timestamp": "2026-11-23T05:00:00Z"}


def errors(*rows: dict[str, Any], total: int | None = None) -> dict[str, Any]:
    """An answer that lists them."""
    return {"import_errors": list(rows), "total_entries": len(rows) if total is None else total}


def test_without_a_dag_none_is_looked_for(scope: Scope) -> None:
    """And none is called unknown, or broken."""
    client = airflow(get_import_errors=errors(problem()))
    found = read_import_errors(client, ImportErrorsArguments(), scope)
    assert [one.method for one in client.asked] == ["get_import_errors"]
    assert (found.count, found.is_dag_known, found.is_dag_broken) == (1, True, False)


def test_a_dag_that_is_gone_is_told_as_such(scope: Scope) -> None:
    """Its file does not import any more, so that Airflow has dropped it: that is a fact, not an error."""
    client = airflow(get_dag=GONE, get_import_errors=errors(problem()))
    found = read_import_errors(client, ImportErrorsArguments("d"), scope)
    assert (found.is_dag_known, found.is_dag_broken, found.count) == (False, False, 1)


def test_a_login_that_may_not_look_is_an_error(scope: Scope) -> None:
    """Nothing seen is not nothing wrong."""
    with pytest.raises(AccessDenied, match="the bot may not do that: Forbidden"):
        read_import_errors(airflow(get_import_errors=(403, {"detail": "Forbidden"})), ImportErrorsArguments(), scope)


@pytest.mark.parametrize(
    ("file", "dag", "is_of_dag"),
    [
        ("a.py", {"relative_fileloc": "a.py"}, True),
        ("a.py", {"relative_fileloc": "team/a.py"}, True),
        ("/opt/dags/a.py", {"relative_fileloc": "a.py"}, True),
        ("a.py", {"fileloc": "/opt/dags/a.py"}, True),
        ("a.py", {"relative_fileloc": "data.py"}, False),
        ("data.py", {"relative_fileloc": "a.py"}, False),
        ("a.py", {}, False),
        ("", {}, False),
    ],
)
def test_a_file_is_the_dags_own_by_whole_parts_of_its_path(file: str, dag: dict[str, str], is_of_dag: bool) -> None:
    """Versions of Airflow give it with and without the folder; the end of a name is no name."""
    found = import_errors_from(errors(problem(file)), dag)
    assert (found.errors[0].is_of_dag, found.is_dag_broken) == (is_of_dag, is_of_dag)


def test_the_dags_own_file_comes_first_and_ten_are_shown() -> None:
    """`count` speaks of all, those that were not read too."""
    rows = [problem(f"{number}.py") for number in range(20)] + [problem("mine.py")]
    found = import_errors_from(errors(*rows, total=400), {"relative_fileloc": "mine.py"})
    assert (found.count, len(found.errors)) == (400, SHOWN)
    assert [one.file for one in found.errors[:2]] == ["mine.py", "0.py"]


def test_airflows_own_word_for_a_broken_dag_counts() -> None:
    """Its error may lie beyond the cap, or be hidden from the bot's login."""
    assert import_errors_from(errors(), {"relative_fileloc": "a.py", "has_import_errors": True}).is_dag_broken


@pytest.mark.parametrize(
    ("trace", "message", "where"),
    [
        (TRACE, "ImportError: no x", "/dags/a.py:3 in <module>"),
        ('File "/dags/a.py", line 7\nSyntaxError: invalid syntax', "SyntaxError: invalid syntax", "/dags/a.py:7"),
        ("Timeout, PID: 7", "Timeout, PID: 7", ""),
        (None, "", ""),
        ("\n \n", "", ""),
        ("KeyError: 'password=hunter2hunter2'", "KeyError: 'password=•••'", ""),
        ("x" * 999, "x" * LONGEST, ""),
    ],
)
def test_of_a_trace_the_last_line_and_the_last_frame_are_told(trace: str | None, message: str, where: str) -> None:
    """What Python said, and where; no secret, and not the whole page."""
    [told] = import_errors_from(errors(problem(trace=trace)), {}).errors
    assert (told.message, told.where) == (message, where)
