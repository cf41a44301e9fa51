"""The JSON Schemas of a playbook and of its wordings, generated from the models: editors complete and check by them."""

import json

from pydantic import BaseModel

from bot.playbooks.model import Playbook
from bot.playbooks.wordings import Wordings

SCHEMA_FILE = "schema.json"
HEADER = f"# yaml-language-server: $schema={SCHEMA_FILE}"


def playbook_schema() -> str:
    """The schema as the text of playbooks/schema.json."""
    return _schema(Playbook)


def wordings_schema() -> str:
    """The schema as the text of playbooks/wordings/schema.json."""
    return _schema(Wordings)


def _schema(model: type[BaseModel]) -> str:
    schema = model.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
