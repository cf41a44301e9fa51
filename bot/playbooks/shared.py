"""What all playbooks share, from playbooks/shared.yml: texts that are no incident, and where tools write common values.

It is data beside the playbooks and not code, because it is about the wording of tools: a team whose CI says "all clear"
adds a line there. It names no platform.
"""

from pydantic import Field

from bot.playbooks.entities import EntityType
from bot.playbooks.model import Pattern, Word, Written


class CommonEntity(Written):
    """How tools write a value that many playbooks want: labels of a message's fields, and patterns on its text.

    `never` lists words that stand where a value would and are none, in lower case: `DAG run …`, `warehouse is …`.
    `never_like` are patterns of such values: a file is no table, a time no host.
    """

    type: EntityType
    fields: tuple[str, ...] = ()
    text: tuple[Pattern, ...] = ()
    never: tuple[str, ...] = ()
    never_like: tuple[Pattern, ...] = ()


class Shared(Written):
    """`words` are alternatives that patterns name as `(?&name)`, here, in playbooks and in wordings: months, pipelines.

    `none` takes back a match of every playbook (a recovery, an acknowledgement, planned work). `systems` holds what
    names a system in a text (a driver, a host, an error's prefix): playbooks say `about` and `not_from` with its name.

    Every alert is searched for these entities, also where its playbook does not declare them: which task failed is
    worth knowing in any thread. Templates, probes and remedies only ever get those that the playbook declares.
    """

    words: dict[Word, Pattern] = Field(default_factory=dict)
    none: tuple[Pattern, ...] = ()
    systems: dict[Word, tuple[Pattern, ...]] = Field(default_factory=dict)
    entities: dict[Word, CommonEntity] = Field(default_factory=dict)
