"""airflow.import_errors: which DAG files Airflow cannot read any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.alerts.redaction import redact
from bot.diagnostics.probe import Probe, Scope
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.names import checked_id
from bot.integrations.airflow.probes.rows import Row, moment, words

SHOWN = 10
LONGEST = 300


@dataclass(frozen=True, slots=True)
class ImportErrorsArguments:
    """With `dag_id` it is also said whether that DAG's own file is among them."""

    dag_id: str = ""


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """One file: what Python said last, and where (`file:line in function`, "" when the trace does not tell)."""

    file: str
    message: str
    where: str
    at: datetime | None
    is_of_dag: bool


@dataclass(frozen=True, slots=True)
class ImportErrors:
    """The DAG's own file first, then the newest; at most ten. `is_dag_known` is false for a DAG that is gone."""

    count: int = 0
    errors: tuple[ImportProblem, ...] = ()
    is_dag_broken: bool = False
    is_dag_known: bool = True


def read_import_errors(client: AirflowClient, arguments: ImportErrorsArguments, scope: Scope) -> ImportErrors:
    """The import errors that the bot's login may see."""
    with client.calling(scope) as calls:
        dag: Row | None = {}
        if arguments.dag_id:
            dag = calls.find("DAGApi", "get_dag", dag_id=checked_id(arguments.dag_id, "DAG"))
        found = calls.get("ImportErrorApi", "get_import_errors", order_by=["-timestamp"], limit=scope.row_cap)
    return import_errors_from(found, dag)


def import_errors_from(found: Row, dag: Row | None) -> ImportErrors:
    """Facts from the JSON of the import errors and of the DAG ({} when none was asked for, None when it is gone)."""
    file = words((dag or {}).get("relative_fileloc")) or words((dag or {}).get("fileloc"))
    problems = [_problem(row, file) for row in found.get("import_errors") or ()]
    problems.sort(key=lambda problem: not problem.is_of_dag)
    return ImportErrors(
        count=int(found.get("total_entries") or len(problems)),
        errors=tuple(problems[:SHOWN]),
        is_dag_broken=any(problem.is_of_dag for problem in problems) or bool((dag or {}).get("has_import_errors")),
        is_dag_known=dag is not None,
    )


def _problem(row: Row, dag_file: str) -> ImportProblem:
    lines = [line.strip() for line in words(row.get("stack_trace")).splitlines() if line.strip()]
    file = words(row["filename"])
    return ImportProblem(
        file=file,
        message=redact(lines[-1])[:LONGEST] if lines else "",
        where=_last_frame(lines),
        at=moment(row.get("timestamp")),
        is_of_dag=bool(dag_file)
        and (file == dag_file or dag_file.endswith(f"/{file}") or file.endswith(f"/{dag_file}")),
    )


def _last_frame(lines: Sequence[str]) -> str:
    """`File "x", line 3, in f` of a traceback as `x:3 in f`."""
    frames = [line for line in lines if line.startswith('File "')]
    if not frames:
        return ""
    file, _, rest = frames[-1].removeprefix('File "').partition('", line ')
    number, _, function = rest.partition(", in ")
    return redact(f"{file}:{number}{f' in {function}' if function else ''}")[:LONGEST]


IMPORT_ERRORS: Probe[AirflowClient, ImportErrorsArguments, ImportErrors] = Probe(
    name="airflow.import_errors",
    summary="Which DAG files Airflow cannot import, and why.",
    arguments=ImportErrorsArguments,
    facts=ImportErrors,
    read=read_import_errors,
    typical=ImportErrors(
        count=1,
        errors=(
            ImportProblem(
                file="ecommerce_daily.py",
                message="ModuleNotFoundError: No module named 'stripe'",
                where="/opt/airflow/dags/ecommerce_daily.py:12 in <module>",
                at=datetime(2026, 11, 2, 5, 41, 7, tzinfo=UTC),
                is_of_dag=True,
            ),
        ),
        is_dag_broken=True,
    ),
    empty=ImportErrors(),
    deadline_s=10.0,
)
