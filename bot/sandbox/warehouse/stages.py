"""Stages: where PUT lays files and COPY finds them."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fakesnow.transforms.stage import LOCAL_BUCKET_PATH, internal_dir
from sqlglot import exp

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.account import Account
from bot.sandbox.warehouse.names import parts, qualify
from bot.sandbox.warehouse.request import Request
from bot.sandbox.warehouse.sessions import Session

_REFERENCE = re.compile(r"@((?:[\w$]+\.){0,2})(~|%?[\w$]+)/?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """A stage's folder and the path given after the stage's name; `label` is how results name the stage."""

    folder: Path
    path: str
    label: str


def find_place(written: str, session: Session, account: Account, privilege: str) -> Place:
    """The place a statement names, as @stage, @%table or @~, with a path after it.

    Refused when there is no such stage or table, or the role holds neither the privilege nor ownership.
    """
    match = _REFERENCE.fullmatch(written.strip("'"))
    if match is None:
        raise errors.syntax_error(f"invalid stage reference '{written}'")
    prefix, name, path = match.groups()
    if name == "~":
        # The engine keeps stages in three levels; a user's own has none.
        return Place(_folder(f"SNOWFLAKE.USERS.{session.user}"), path, "")
    table = name.startswith("%")
    lane = session.lane
    full = qualify(prefix + name.removeprefix("%"), 3, lane.database, lane.schema)
    kind = (account.engine.kind_of(*full.split(".", 2)) or "TABLE") if table else "STAGE"
    exists = account.engine.kind_of(*full.split(".", 2)) if table else account.engine.has_stage(*full.split(".", 2))
    wanted = () if table else (privilege,)  # documented: a table's stage belongs to the table's owner
    if not exists or (session.enforce and not account.grants.sees(session.role, kind, full)):
        raise errors.not_found("Stage", full)
    if session.enforce and not account.grants.holds(session.role, wanted, kind, full):
        raise errors.insufficient("stage", parts(full)[-1])
    schema, _, last = full.rpartition(".")
    stored = f"{schema}.%{last}" if table else full
    return Place(_folder(stored), path, "" if table else last.lower() + "/")


def _folder(stored: str) -> Path:
    folder = Path(internal_dir(stored))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def clear_stages() -> None:
    """Remove every staged file."""
    for entry in Path(LOCAL_BUCKET_PATH).iterdir():
        shutil.rmtree(entry)


def put_payload(tree: exp.Put, request: Request, session: Session, account: Account) -> dict[str, Any]:
    """What a client needs to carry out PUT itself.

    4.x copies the file (client and server share the machine); 5.x only knows clouds, so it is given a presigned
    address as Google's storage would, which is this server's own /upload.
    """
    place = find_place(tree.args["target"].name, session, account, "WRITE")
    target = (place.folder / place.path).resolve()
    if not target.is_relative_to(place.folder.resolve()):
        raise errors.syntax_error(f"invalid path '{place.path}'")
    target.mkdir(parents=True, exist_ok=True)
    found = tree.args.get("properties")
    options = {p.this.name.upper(): p.args["value"] for p in (found.expressions if found else [])}
    source = str(tree.this.this).removeprefix("file://")
    compress = _true(options.get("AUTO_COMPRESS"), default=True)
    if session.client.split(".")[0] in ("", "2", "3", "4"):
        info = {"locationType": "LOCAL_FS", "location": f"{target}/", "creds": {}}
    else:
        name = Path(source).name + (".gz" if compress and not source.endswith(".gz") else "")
        info = _presigned(f"{request.base_url}upload/{account.uploads.open(target / name)}")
    return {
        "command": "UPLOAD",
        "src_locations": [source],
        "parallel": 4,
        "threshold": 209715200,
        "autoCompress": compress,
        "overwrite": _true(options.get("OVERWRITE"), default=False),
        "sourceCompression": "auto_detect",
        "clientShowEncryptionParameter": False,
        "encryptionMaterial": None,
        "stageInfo": info,
    }


def _presigned(url: str) -> dict[str, Any]:
    return {
        "locationType": "GCS",
        "location": "sandbox/stage/",
        "path": "stage/",
        "region": "SANDBOX",
        "storageAccount": "",
        "isClientSideEncrypted": False,
        "presignedUrl": url,
        "endPoint": "",
        "creds": {},
    }


def _true(value: exp.Expr | None, *, default: bool) -> bool:
    return default if value is None else value.name.upper() == "TRUE" or bool(value.this is True)


def files_in(place: Place, names: tuple[str, ...], pattern: str | None) -> list[tuple[str, Path]]:
    """(name below the stage, file) of what COPY will read, by name. A named file that is missing is refused."""
    found = {str(f.relative_to(place.folder)): f for f in sorted(place.folder.rglob("*")) if f.is_file()}
    if names:
        wanted = [place.path + name for name in names]
        for name in wanted:
            if name not in found:
                raise errors.Refusal("091016", "22000", f"Remote file '{place.label}{name}' was not found.")
        return [(name, found[name]) for name in wanted]
    chosen = [(name, file) for name, file in found.items() if name.startswith(place.path)]
    if pattern is not None:
        chosen = [(name, file) for name, file in chosen if re.fullmatch(pattern, name)]
    return chosen
