"""manifest.json (versions 7 to 12) → what nodes there are, what they are made of and what is made of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.integrations.dbt.versions import require_version

VERSIONS = range(7, 13)
_REFERENCE = re.compile(r"""\b(?:ref|source)\(\s*((?:['"][^'"]{1,200}['"]\s*,?\s*){1,2})""")
_QUOTED = re.compile(r"""['"]([^'"]{1,200})['"]""")
_BUILT = ("model", "seed", "snapshot")


@dataclass(frozen=True, slots=True)
class Node:
    """A model, seed, snapshot, test, source or exposure. `relation` is DATABASE.SCHEMA.NAME as the database has it.

    Of a test: `test_kind` (unique, not_null … or the name of a custom one; "" for a test written in SQL), its
    `column`, `arguments` and `tested`, the unique id of what it is attached to.
    """

    unique_id: str
    name: str
    kind: str
    path: str = ""
    relation: str = ""
    materialized: str = ""
    code: str = ""
    owner: str = ""
    parents: tuple[str, ...] = ()
    test_kind: str = ""
    column: str = ""
    tested: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """Every node by its unique id, and the ids of what is made directly of it."""

    nodes: Mapping[str, Node]
    children: Mapping[str, tuple[str, ...]]

    def find(self, name: str, kinds: Sequence[str] = ()) -> Node | None:
        """The node of that name or unique id, of one of the kinds; a schema in front of the name does not matter."""
        wanted = name.lower()
        if found := next((node for key, node in self.nodes.items() if key.lower() == wanted), None):
            return found
        stem = wanted.rpartition(".")[2]
        named = [node for node in self.nodes.values() if node.name.lower() == stem]
        return next((node for node in named if not kinds or node.kind in kinds), None)

    def downstream(self, unique_id: str) -> tuple[Node, ...]:
        """Every model, seed, snapshot and exposure that is made of it, at any depth, nearest first."""
        seen: dict[str, None] = {}
        todo = [unique_id]
        while todo:
            for child in self.children.get(todo.pop(0), ()):
                if child not in seen and child in self.nodes:
                    seen[child] = None
                    todo.append(child)
        return tuple(node for key in seen if (node := self.nodes[key]).kind in (*_BUILT, "exposure"))

    def refer(self, text: str) -> Node | None:
        """The node that `ref('x')`, `ref('package', 'x')` or `source('s', 'x')` stands for."""
        found = _REFERENCE.search(text)
        names = _QUOTED.findall(found[1]) if found else []
        kinds = ("source",) if text.strip().startswith("source") else _BUILT
        return self.find(names[-1], kinds) if names else None


def manifest_from(document: Mapping[str, Any]) -> Manifest:
    """The index of the file's JSON; IntegrationError for a version that is not read."""
    require_version(document, "manifest.json", VERSIONS)
    parts = [document.get(part) or {} for part in ("nodes", "sources", "exposures")]
    nodes = {key: _node(key, row) for part in parts for key, row in part.items()}
    children = {key: tuple(ids) for key, ids in (document.get("child_map") or {}).items()}
    return Manifest(nodes, children)


def _node(unique_id: str, row: Mapping[str, Any]) -> Node:
    config = row.get("config") or {}
    test = row.get("test_metadata") or {}
    kind = str(row.get("resource_type") or unique_id.partition(".")[0])
    parents = tuple((row.get("depends_on") or {}).get("nodes") or ())
    return Node(
        unique_id=unique_id,
        name=str(row.get("name") or ""),
        kind=kind,
        path=str(row.get("original_file_path") or ""),
        relation="" if kind in ("test", "exposure") else _relation(row),
        materialized=str(config.get("materialized") or ""),
        code=str(row.get("raw_code") or "")[:50_000] if kind != "test" or not test else "",
        owner=_owner(row, config),
        parents=parents,
        test_kind=str(test.get("name") or ""),
        column=str(row.get("column_name") or (test.get("kwargs") or {}).get("column_name") or ""),
        tested=_tested(row, parents) if kind == "test" else "",
        arguments={name: value for name, value in (test.get("kwargs") or {}).items() if name != "model"},
    )


def _relation(row: Mapping[str, Any]) -> str:
    name = row.get("identifier") or row.get("alias") or row.get("name")
    return ".".join(str(part) for part in (row.get("database"), row.get("schema"), name) if part)


def _owner(row: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    """Who is responsible, where the project says so: `meta.owner`, or the group."""
    for place in (config.get("meta") or {}, row.get("meta") or {}):
        if owner := place.get("owner"):
            return str(owner)[:100]
    return str(config.get("group") or row.get("group") or "")


def _tested(row: Mapping[str, Any], parents: Sequence[str]) -> str:
    """What a test is attached to; before version 10 that is only said by the macro's `model` argument."""
    if attached := row.get("attached_node"):
        return str(attached)
    model = str(((row.get("test_metadata") or {}).get("kwargs") or {}).get("model") or "")
    names = _QUOTED.findall(found[1]) if (found := _REFERENCE.search(model)) else []
    matching = [parent for parent in parents if names and parent.rpartition(".")[2] == names[-1]]
    return next(iter((*matching, *parents)), "")
