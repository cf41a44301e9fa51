"""The shipped playbooks recognise the labelled corpus at or above the bar, and the measurement would notice if not."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def measure(*arguments: str) -> tuple[int, str]:
    """Exit code and output of `make recognition` on a corpus."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.recognition", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_corpora_are_recognised_at_the_bar() -> None:
    """Precision, recall and the share of entities are at or above their bars, and of the texts that we made up
    ourselves after further clients, versions and people, nothing that was once recognised is lost."""
    code, said = measure()
    assert code == 0, said
    labelled, made_up = said.split("variants.jsonl:")
    assert "dev.jsonl: 237 records" in labelled
    assert "should answer, not" not in made_up


def test_a_wrong_answer_a_missing_one_and_a_missing_value_are_told(tmp_path: Path) -> None:
    """A corpus whose labels the playbooks do not meet gives exit 1, each record and each value by name."""
    records = [
        {"id": "A", "text": "FATAL: sorry, too many clients already", "label": "none"},
        {"id": "B", "text": "lunch at noon?", "label": "stale_data"},
        {"id": "C", "text": "deadlock detected", "label": "postgres_lock_contention", "entities": {"table": "orders"}},
        {"id": "D", "text": "deadlock detected", "label": "none", "secondary": ["postgres_lock_contention"]},
    ]
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text("\n".join(json.dumps({"secondary": [], "entities": {}} | record) for record in records))
    code, said = measure(str(corpus))
    assert code == 1
    assert "A: nobody should answer, not postgres_connection_exhausted" in said
    assert "B: stale_data should answer, not nobody" in said
    assert "C: table: 'orders', got None" in said
    assert "D:" not in said
    assert "precision 0.6667" in said
    assert "recall 0.5000" in said
