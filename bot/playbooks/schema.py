"""The JSON Schema of a playbook, generated from the model, so that editors complete and check it as it is written."""

import json

from bot.playbooks.model import Playbook

SCHEMA_FILE = "schema.json"
HEADER = f"# yaml-language-server: $schema={SCHEMA_FILE}"


def playbook_schema() -> str:
    """The schema as the text of playbooks/schema.json."""
    schema = Playbook.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
