"""The shape of the code: layers, sizes, names. What the design promises, the tree keeps."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
BOT = REPOSITORY / "bot"
FILES = sorted(BOT.rglob("*.py"))
TESTS = sorted(path for path in (REPOSITORY / "tests").rglob("test_*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 300, 60
PLUMBING = {"utils", "util", "helpers", "helper", "common", "core", "base", "manager", "service", "models", "misc"}
PURE = ("alerts", "playbooks", "incidents", "diagnostics", "remediation", "flow")
DRIVERS = {
    "slack_sdk",
    "slack_bolt",
    "psycopg2",
    "snowflake",
    "airflow_client",
    "sqlalchemy",
    "dbos",
    "aiohttp",
    "httpx",
}
# Where the time, the environment and chance come from: the flow and all below are handed them.
OUTSIDE = {
    *(f"datetime.{one}" for one in ("now", "utcnow", "today")),
    *(f"date.{one}" for one in ("today",)),
    *(f"time.{one}" for one in ("time", "time_ns", "sleep")),
    *(f"os.{one}" for one in ("environ", "getenv")),
    *(f"random.{one}" for one in ("random", "choice", "randint")),
    *(f"uuid.{one}" for one in ("uuid1", "uuid4", "uuid7")),
}


def shown(path: Path) -> str:
    """The path as a reader knows it."""
    return path.relative_to(REPOSITORY).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """The file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, methods and inner ones too."""
    yield from (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imported(path: Path) -> set[str]:
    """Every module that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_imports_go_down_only() -> None:
    """Every contract of import-linter holds: the layers, the integrations apart, the sandbox apart."""
    checked = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout


def test_no_file_is_too_long() -> None:
    """A file that needs scrolling for ever is two files."""
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_too_long() -> None:
    """A function fits on a screen."""
    lengths = {
        f"{shown(path)}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in FILES
        for node in functions(path)
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_modules_are_named_after_what_they_are_about() -> None:
    """No place where things end up."""
    names = {part for path in FILES for part in (*path.relative_to(BOT).parent.parts, path.stem)}
    assert names & PLUMBING == set()


def test_only_the_engine_knows_dbos() -> None:
    """Durable execution can be replaced in one folder."""
    users = {shown(path) for path in FILES if {name.partition(".")[0] for name in imported(path)} & {"dbos"}}
    assert {name.rpartition("/")[0] for name in users} == {"bot/engine"}


@pytest.mark.parametrize("layer", PURE)
def test_the_flow_and_all_below_know_no_driver(layer: str) -> None:
    """They are handed what reaches outside."""
    files = sorted((BOT / layer).rglob("*.py"))
    assert files
    found = {(shown(path), name) for path in files for name in imported(path) if name.partition(".")[0] in DRIVERS}
    assert found == set()


@pytest.mark.parametrize("layer", PURE)
def test_the_flow_and_all_below_know_no_clock_and_no_environment(layer: str) -> None:
    """Time is an argument: what they do can be repeated and tested."""
    found = {
        f"{shown(path)}:{node.lineno} {node.value.id}.{node.attr}"
        for path in sorted((BOT / layer).rglob("*.py"))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and f"{node.value.id}.{node.attr}" in OUTSIDE
    }
    assert found == set()


def test_every_integration_brings_the_same_files() -> None:
    """One folder a technology: its INTEGRATION, its client, its probes and remedies, its least grants."""
    folders = [path for path in sorted((BOT / "integrations").iterdir()) if (path / "__init__.py").exists()]
    assert folders
    for folder in folders:
        brought = {path.stem for path in folder.iterdir()}
        assert {"__init__", "client", "probes", "README"} <= brought, folder.name
        assert "INTEGRATION" in (folder / "__init__.py").read_text(encoding="utf-8"), folder.name


def test_ports_are_small() -> None:
    """Protocols of at most four methods: a fake of any is a page."""
    protocols = [
        node
        for node in tree(BOT / "flow" / "ports.py").body
        if isinstance(node, ast.ClassDef) and "Protocol" in {getattr(base, "id", "") for base in node.bases}
    ]
    assert len(protocols) > 5
    sizes = {
        node.name: sum(isinstance(one, ast.AsyncFunctionDef | ast.FunctionDef) for one in node.body)
        for node in protocols
    }
    assert {name: size for name, size in sizes.items() if size > 4} == {}


def is_broad(handler: ast.ExceptHandler) -> bool:
    """Whether it catches everything, and keeps it."""
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    is_passed_on = any(isinstance(node, ast.Raise) for node in ast.walk(handler))
    return not is_passed_on and any(
        one is None or getattr(one, "id", "") in {"Exception", "BaseException"} for one in caught
    )


def test_broad_excepts_stand_at_the_edges_only() -> None:
    """Whoever catches everything says why in the same line: it is one of the edges."""
    unexplained = {
        f"{shown(path)}:{node.lineno}"
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and is_broad(node)
        and "#" not in path.read_text(encoding="utf-8").splitlines()[node.lineno - 1]
    }
    assert unexplained == set()


def test_every_test_states_its_promise() -> None:
    """A test function without a docstring says only how, not what."""
    silent = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in TESTS
        for node in functions(path)
        if node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_tests_use_fakes_not_patches() -> None:
    """No mock.patch: what is hard to fake is hard to use."""
    patched = {shown(path) for path in TESTS for name in imported(path) if name.startswith(("unittest.mock", "mock"))}
    assert patched == set()
