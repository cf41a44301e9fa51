"""A folder of generated playbooks, each a whole runbook of its own, to measure how long loading takes."""

from pathlib import Path

from benchmarks.incident_kinds import incident_kind
from bot.settings import default_playbooks

_BODY = """\
title: Incident {words} on {{{{ warehouse }}}}
severity: P2
status: draft
aliases: [{alias}]
owner: data-platform
summary: Nothing that {words} feeds is up to date. Whoever reads it sees old numbers.
causes: [A release broke {words}, A runaway query]
match:
  any: ['{pattern}']
  none: ['{id} is not affected']
entities:
  warehouse: {{type: snowflake_identifier, default: "{{{{ platform.warehouses.loading }}}}"}}
{entities}group_by: [warehouse]
diagnostics:
  state: {{probe: snowflake.warehouse, with: {{warehouse: "{{{{ warehouse }}}}"}}}}
  monitor: {{probe: snowflake.resource_monitors, with: {{warehouse: "{{{{ warehouse }}}}"}}}}
  running: {{probe: snowflake.running_queries, with: {{warehouse: "{{{{ warehouse }}}}"}}}}
steps:
  - title: Is {words} suspended?
    text: >-
      {{% if state.name %}}{{{{ state.name | code }}}} is *{{{{ state.state }}}}* for {words}.
      {{% else %}}There is no warehouse for {words}.{{% endif %}}
  - title: Which monitor?
    text: "{words}: {{{{ monitor.name }}}} has used *{{{{ monitor.used }}}}* of {{{{ monitor.quota }}}} credits."
  - title: What runs?
    text: "{{{{ running.count }}}} queries run beside {words}."
    table: {{rows: running.queries, columns: {{User: user, Running: running_s | duration, Query: text}}}}
escalate: {{acknowledge: 15m, resolve: 2h}}
prevention: [Look at {words} on Mondays]
examples:
  - {{match: '{text}'}}
  - {{match: 'this morning: {text}'}}
  - {{ignore: '{id} is not affected by this'}}
"""


def write_playbooks(folder: Path, count: int, *, differ: bool) -> None:
    """Write the shipped platform, and this many playbooks: all differ in id, alias, patterns and examples.

    With `differ` their words do too, each title and step, so that no template is ever met twice.
    """
    shipped = default_playbooks()
    for name in ("platform.yml", "shared.yml"):
        (folder / name).write_text((shipped / name).read_text())
    for number in range(10, 10 + count):
        pattern, text = (part.replace("'", "''") for part in incident_kind(number))
        types = {"task": "task_id", "host": "host", "table": "table", "file": "text"}
        entities = "".join(f"  {name}: {{type: {kind}}}\n" for name, kind in types.items() if f"(?P<{name}>" in pattern)
        id = f"incident_{number}"
        words = id if differ else "this"
        body = _BODY.format(id=id, words=words, alias=f"kind{number}", pattern=pattern, text=text, entities=entities)
        (folder / f"{id}.yml").write_text(body)
