"""All playbooks of a folder, checked and frozen, with the platform that they speak of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.errors import UnknownName
from bot.playbooks.document import Document
from bot.playbooks.model import Playbook
from bot.playbooks.platform import Platform
from bot.playbooks.shared import Shared


@dataclass(frozen=True, slots=True)
class Playbooks:
    """`by_id` in the order of ids; `documents` hold the lines of each file, by id, for those who tell problems."""

    by_id: Mapping[str, Playbook]
    platform: Platform
    shared: Shared = field(default_factory=Shared)
    documents: Mapping[str, Document] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Playbook]:
        return iter(self.by_id.values())

    def __len__(self) -> int:
        return len(self.by_id)

    def names(self) -> dict[str, Playbook]:
        """Everything that a person may call a playbook: ids and aliases."""
        aliases = {alias: playbook for playbook in self for alias in playbook.aliases}
        return aliases | dict(self.by_id)

    def find(self, name: str) -> Playbook:
        """The playbook with this id or alias, however it is written (case, `-` for `_`); UnknownName otherwise."""
        names = self.names()
        wanted = name.strip().lower().replace("-", "_").replace(" ", "_")
        if wanted not in names:
            raise UnknownName("playbook", name.strip(), names)
        return names[wanted]
