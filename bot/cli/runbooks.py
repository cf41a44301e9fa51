"""Playbooks from the terminal: match, show, replay, check, test. No Slack is needed for any of them."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.alerts.alert import Alert
from bot.alerts.extraction import read_alert
from bot.cli.terminal import show_reply
from bot.errors import EntityError

Folder = Annotated[
    Path | None, typer.Option("--playbooks", envvar="RUNBOOK_PLAYBOOKS", help="The folder of playbooks.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (match, show, replay, check):
        app.command()(command)
    app.command(name="test")(run_tests)


def match(
    file: Annotated[
        Path | None, typer.Argument(exists=True, dir_okay=False, help="JSON lines; standard input without it.")
    ] = None,
    playbooks: Folder = None,
    *,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say which patterns matched and why the winner won.")
    ] = False,
    text: Annotated[str | None, typer.Option(help="One alert's text, instead of JSON lines.")] = None,
) -> None:
    """Recognise alerts: JSON lines in, JSON lines out, in order.

    In: {"id": …, "text": "…"} or {"id": …, "payload": {a Slack message event}}. Out: {"id", "playbook", "severity",
    "entities"}; the entities also where no playbook answers. A bad line gives an `error` field for that line, and
    exit 1 at the end. --explain adds an `explanation` object; with --text it is told in words instead.
    """
    from bot.app.books import load_library

    library = load_library(playbooks)
    if text is not None:
        _match_text(text, library, explain=explain)
        return
    failed = False
    with file.open("rb") if file else sys.stdin.buffer as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            record: Any = None
            try:
                record = json.loads(line.decode("utf-8-sig"))
                answer = _answer(record, library, explain=explain)
            except (ValueError, RecursionError) as error:
                id = record.get("id") if isinstance(record, Mapping) else None
                answer, failed = {"id": id, "error": f"line {number}: {error}"}, True
            sys.stdout.write(f"{_json(answer)}\n")
    if failed:
        raise typer.Exit(1)


def _json(answer: Mapping[str, Any]) -> str:
    """Readable where it can be written: half a surrogate pair, which JSON allows in an id, has no UTF-8."""
    said = json.dumps(answer, ensure_ascii=False)
    try:
        said.encode()
    except UnicodeEncodeError:
        return json.dumps(answer)
    return said


def _match_text(text: str, library: Any, *, explain: bool) -> None:
    told = library.matcher.explain(Alert(text)).lines() if explain else [_json(_answer({"text": text}, library))]
    sys.stdout.write("".join(f"{line}\n" for line in told))


def _answer(record: Any, library: Any, *, explain: bool = False) -> dict[str, Any]:
    if not isinstance(record, Mapping) or not ("text" in record or "payload" in record):
        raise ValueError("an object with `id` and `text` or `payload` is needed")
    alert = _alert(record)
    found = library.match(alert)
    answer = {
        "id": record.get("id"),
        "playbook": found.playbook.id if found else None,
        "severity": found.playbook.severity.value if found else None,
        "entities": dict(found.entities if found else library.entities(alert)),
    }
    return answer | ({"explanation": library.matcher.explain(alert).as_json()} if explain else {})


def _alert(record: Mapping[str, Any]) -> Alert:
    payload, text = record.get("payload"), record.get("text")
    if isinstance(payload, Mapping):
        return read_alert(payload)
    if not isinstance(text, str):
        raise ValueError("`payload` has to be an object, or `text` a string")  # noqa: TRY004 - of the line, not of ours
    return Alert(text)


def show(
    name: Annotated[str, typer.Argument(metavar="ID_OR_ALIAS")],
    values: Annotated[list[str] | None, typer.Argument(metavar="[name=value]...")] = None,
    playbooks: Folder = None,
) -> None:
    """Show a runbook with live findings: what is true right now, in the terminal."""
    from bot.app.books import load_library, show_live
    from bot.playbooks.values import given_entities

    library = load_library(playbooks)
    playbook = library.find(name)
    entities = given_entities(playbook, dict(_pair(value) for value in values or ()))
    _print_live(show_live, library, playbook.id, entities)


def _pair(value: str) -> tuple[str, str]:
    name, separator, content = value.partition("=")
    if not separator:
        raise EntityError(f"`{value}` is not name=value")
    return name, content


def replay(text: Annotated[str, typer.Argument(metavar="ALERT_TEXT")], playbooks: Folder = None) -> None:
    """Walk the road from an alert's text, without Slack: which playbook answers, and what it would say right now."""
    from bot.app.books import load_library, show_live

    library = load_library(playbooks)
    found = library.match(Alert(text))
    if found is None:
        Console().print("silence: no playbook recognises this text")
        raise typer.Exit(1)
    Console().print(found.explanation, markup=False, style="dim")
    _print_live(show_live, library, found.playbook.id, found.entities)


def _print_live(show_live: Any, library: Any, playbook: str, entities: Mapping[str, str]) -> None:
    console = Console()
    with console.status("looking …"):
        reply = asyncio.run(show_live(library, playbook, entities, os.environ))
    show_reply(reply, console)


def check(
    playbooks: Folder = None,
    notes: Annotated[
        bool, typer.Option("--notes", help="Also tell what is no problem but has a cost: patterns without fixed text.")
    ] = False,
) -> None:
    """Lint the playbooks and platform.yml: every problem with file:line, and what was probably meant.

    A pattern without a fixed text is run on every alert; `--notes` tells them.
    """
    from bot.app.books import check_folder

    problems, costly, count = check_folder(playbooks)
    for line in (*problems, *(dict.fromkeys(costly) if notes else ())):
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"{count} playbooks: {len(problems)} problem{'' if len(problems) == 1 else 's'}\n")
    if problems:
        raise typer.Exit(1)


def run_tests(playbooks: Folder = None) -> None:
    """Run every playbook's examples and cases."""
    from bot.app.books import run_cases

    failures, count = run_cases(playbooks)
    for failure in failures:
        sys.stdout.write(f"{failure}\n")
    sys.stdout.write(f"{count} cases: {len(failures)} failed\n")
    if failures or not count:
        raise typer.Exit(1)
