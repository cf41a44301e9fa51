"""`runbook match` tells what it recognised, and with --explain why."""

import json
from pathlib import Path

from typer import Typer
from typer.testing import CliRunner

from bot.cli.runbooks import register

TEXT = "Warehouse 'LOADING_WH' cannot be resumed because resource monitor 'LOADING_MONITOR' has exceeded its quota."


def run(*arguments: str, input: str | None = None) -> list[str]:
    """The lines that the command prints."""
    app = Typer()
    register(app)
    result = CliRunner().invoke(app, ["match", *arguments], input=input)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def test_one_text_is_explained_in_words() -> None:
    """The verdict comes first, then what was found."""
    lines = run("--explain", "--text", TEXT)
    assert lines[0].startswith("warehouse_suspended answers: ")
    assert any("resource monitor 'LOADING_MONITOR' has exceeded" in line for line in lines)


def test_json_lines_get_an_explanation_each(tmp_path: Path) -> None:
    """The fixed fields stay as they are; without the option nothing is added."""
    line = json.dumps({"id": 1, "text": TEXT})
    plain = json.loads(run(input=line)[0])
    explained = json.loads(run("--explain", input=line)[0])
    assert explained.pop("explanation")["ranking"][0]["playbook"] == "warehouse_suspended"
    assert explained == plain
    file = tmp_path / "alerts.jsonl"
    file.write_text(line + "\n")
    assert json.loads(run(str(file))[0]) == plain
    assert json.loads(run("--text", TEXT)[0]) == plain | {"id": None}


def test_a_text_given_as_a_file_is_a_wrong_call() -> None:
    """Exit 2 and what there is not, also for an alert's whole text, and no traceback."""
    app = Typer()
    register(app)
    for name in ("nothing.jsonl", "x" * 400):
        result = CliRunner().invoke(app, ["match", name])
        assert result.exit_code == 2
        assert "does not exist" in result.output
