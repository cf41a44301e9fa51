"""A YAML file with the line of everything in it, so that each problem can be told as `file:line`."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import PlaybookError

MAX_BYTES = 262_144  # a playbook is one page; a file beyond this is a mistake, and parsing it would only take time

Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds (`data`) and the line of each key and item, by its location in the data; () is the file."""

    path: str
    data: Any
    lines: Mapping[Location, int]

    def line_of(self, location: Location) -> int:
        """The line of that location, or of the nearest thing around it that stands in the file."""
        for end in range(len(location), -1, -1):
            if location[:end] in self.lines:
                return self.lines[location[:end]]
        return 1


_TEXT = "tag:yaml.org,2002:str"


class _Loader(yaml.CSafeLoader):
    """The safe loader without timestamps: a date in a case stays the text that was written.

    libyaml's parser is in PyYAML's wheels, and ten times as fast as the one in Python.
    """


_Loader.yaml_implicit_resolvers = {
    first: [entry for entry in entries if entry[0] != "tag:yaml.org,2002:timestamp"]
    for first, entries in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_document(path: Path, name: str = "") -> Document:
    """Read one YAML mapping. `name` is how problems call the file (default: its path).

    Refused with PlaybookError: a file that cannot be read or is not YAML, is not a mapping, holds a key twice,
    or uses anchors (they make one page unreadable, and bombs possible).
    """
    shown = name or str(path)
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            raise PlaybookError(f"larger than {MAX_BYTES // 1024} kB", path=shown, line=1)
        return parse_document(raw.decode("utf-8"), shown)
    except OSError as error:
        raise PlaybookError(f"cannot be read: {error.strerror}", path=shown, line=1) from error
    except UnicodeDecodeError as error:
        raise PlaybookError("is not UTF-8 text", path=shown, line=1) from error


def parse_document(text: str, name: str) -> Document:
    """Parse the text of one YAML mapping; refuses what `read_document` refuses."""
    try:
        _refuse_anchors(text, name)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            lines: dict[Location, int] = {(): 1}
            data = _build(loader, node, (), lines, name) if node is not None else {}
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = min(error.problem_mark.line, text.count("\n")) + 1 if error.problem_mark else 1
        raise PlaybookError(f"is not YAML: {error.problem}", path=name, line=line) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise PlaybookError(f"is not YAML: {error}", path=name, line=1) from error
    if not isinstance(data, dict):
        raise PlaybookError("should hold a mapping (`key: value` lines)", path=name, line=1)
    return Document(name, data, lines)


def _refuse_anchors(text: str, name: str) -> None:
    if "&" not in text:
        return  # no anchor without one, and the parser refuses an alias without its anchor
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise PlaybookError("anchors and aliases are not used here; write it out", path=name, line=line)


def _build(loader: _Loader, node: yaml.Node, at: Location, lines: dict[Location, int], name: str) -> Any:
    lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        return node.value if node.tag == _TEXT else loader.construct_object(node)
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, item, (*at, index), lines, name) for index, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return loader.construct_object(node)
    mapping: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        line = key_node.start_mark.line + 1
        if not isinstance(key, str):
            raise PlaybookError("a key should be a plain word", path=name, line=line)
        if key in mapping:
            raise PlaybookError(f"`{key}` stands here twice", path=name, line=line)
        lines[(*at, key)] = line
        mapping[key] = _build(loader, value_node, (*at, key), lines, name)
    return mapping
