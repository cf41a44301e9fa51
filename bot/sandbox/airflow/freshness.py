"""`python -m bot.sandbox.airflow.freshness --state DIR`: is the data fresh? Runs the real `dbt source freshness` and
tells #data-alerts, as the alerting app, when something is stale. Standard library only.

Exit code: 0 all fresh, 1 something is stale (and was told), 2 it could not be checked or told.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.sandbox.airflow.artifacts import keep_artifacts
from bot.sandbox.airflow.callbacks import CHANNEL, quote
from bot.sandbox.airflow.configuration import SLACK_TOKEN
from bot.sandbox.airflow.transform import DbtFailedError, DbtRun, require_success, run_dbt

SLACK_TIMEOUT = 10.0
ENVIRONMENTS = Path(__file__).parents[3] / ".sandbox" / "environments"


class NotToldError(Exception):
    """Slack refused the message; the text is Slack's error."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Check and tell; see the module's first lines for the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.airflow.freshness", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="the state folder of a running sandbox")
    parser.add_argument("--environments", type=Path, default=ENVIRONMENTS, help="where dbt's environment is")
    options = parser.parse_args(arguments)
    try:
        record = json.loads((options.state / "sandbox.json").read_text())
        variables = sandbox_variables(options.state, options.environments, record)
        stale = check_freshness({**os.environ, **variables})
        if stale:
            post_alert(f"{record['slack']['url']}/api/", stale)
    except KeyError as part:
        print(f"could not check the freshness: {part} does not run in this sandbox", file=sys.stderr)
        return 2
    except (OSError, DbtFailedError, NotToldError) as problem:
        print(f"could not check the freshness: {problem}", file=sys.stderr)
        return 2
    return 1 if stale else 0


def sandbox_variables(state: Path, environments: Path, record: Mapping[str, Any]) -> dict[str, str]:
    """What dbt needs to know of a running sandbox."""
    return {
        "SANDBOX_WAREHOUSE_PORT": str(record["warehouse"]["port"]),
        "SANDBOX_KEYS": record["warehouse"]["keys"],
        "SANDBOX_FOLDER": str(state.absolute() / "airflow"),
        "SANDBOX_DBT": str(environments.absolute() / "dbt" / "bin" / "dbt"),
    }


def check_freshness(variables: Mapping[str, str]) -> str | None:
    """Run `dbt source freshness`: None when all is fresh, else the alert's text.

    Raises DbtFailedError when a source could not be read at all, OSError when dbt is not there.
    """
    run = run_dbt(["source", "freshness"], variables, target="freshness")
    keep_artifacts(run, Path(variables["SANDBOX_FOLDER"]))
    told = [line for line in run.lines if " STALE " in line]
    if not told:
        require_success(run)
        return None
    return "\n".join(["*dbt source freshness*", f"```{quote(chr(10).join([*told, *_read_ages(run)]))}```"])


def _read_ages(run: DbtRun) -> list[str]:
    """How old each stale source is, from the file dbt leaves."""
    results = json.loads((run.target / "sources.json").read_text())["results"]
    return [
        f"{result['unique_id'].split('.', 2)[2]}: max_loaded_at {result['max_loaded_at']},"
        f" {result['max_loaded_at_time_ago_in_s'] / 3600:.1f} hours ago"
        for result in results
        if result["status"] in ("warn", "error") and "max_loaded_at" in result
    ]


def post_alert(api: str, text: str) -> None:
    """Post to #data-alerts as the alerting app; raises NotToldError, and OSError when Slack is not there."""
    request = urllib.request.Request(  # noqa: S310 - the stand-in's http url
        f"{api}chat.postMessage",
        data=json.dumps({"channel": CHANNEL, "text": text}).encode(),
        headers={"Authorization": f"Bearer {SLACK_TOKEN}", "Content-Type": "application/json; charset=utf-8"},
    )
    with urllib.request.urlopen(request, timeout=SLACK_TIMEOUT) as response:  # noqa: S310 - as above
        answer = json.load(response)
    if not answer.get("ok"):
        raise NotToldError(f"chat.postMessage answered {answer.get('error')}")


if __name__ == "__main__":
    sys.exit(main())
