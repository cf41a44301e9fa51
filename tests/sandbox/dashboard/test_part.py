"""How the dashboard is started, and what it lies in."""

from pathlib import Path

from bot.sandbox.catalog import describe_parts
from bot.sandbox.dashboard.__main__ import lay_out
from bot.sandbox.part import PORT_NAMES, Context

CONTEXT = Context(Path("/state"), Path("/repo"), Path("/environments"), dict.fromkeys(PORT_NAMES, 7))


def test_it_comes_with_the_warehouse_that_it_reads() -> None:
    """Asked for alone, it brings the warehouse along and waits for it; nothing waits for the dashboard."""
    names = [part.name for part in describe_parts(CONTEXT, ["dashboard"])]
    assert names == ["warehouse", "dashboard"]
    everything = describe_parts(CONTEXT, ["airflow", "dashboard"])
    assert [part.name for part in everything if "dashboard" in part.depends_on] == []


def test_it_is_healthy_when_streamlit_says_so() -> None:
    """Streamlit's own endpoint; its key is the dashboard user's, never another's."""
    (part,) = (part for part in describe_parts(CONTEXT, ["dashboard"]) if part.name == "dashboard")
    assert part.health.url == "http://127.0.0.1:7/_stcore/health"  # type: ignore[attr-defined]
    assert part.variables["DASHBOARD_KEY"] == "/state/keys/SVC_DASHBOARD.pem"


def test_a_start_forgets_what_was_read_before(tmp_path: Path) -> None:
    """The note of an earlier start would speak of a cache that is gone."""
    note = tmp_path / "static" / "last_read.json"
    note.parent.mkdir()
    note.write_text("{}")
    app = lay_out(tmp_path)
    assert app == tmp_path / "app.py"
    assert "read_revenue" in app.read_text()
    assert list(note.parent.iterdir()) == []
