"""Incidents, alerts, events, findings, plans, the audit log, cursors."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_OPEN = sa.text("state <> 'resolved'")


def _string(name: str, size: int, *, primary_key: bool = False, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(size), primary_key=primary_key, nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "incidents",
        _string("id", 40, primary_key=True),
        _string("key", 500),
        _string("state", 20),
        _string("channel", 40),
        _string("alert_ts", 40),
        _string("opened_at", 40),
        _string("last_seen_at", 40),
        sa.Column("alerts", sa.Integer, nullable=False),
        _text("body"),
    )
    op.create_index("incidents_open_key", "incidents", ["key"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_table(
        "alerts",
        _string("channel", 40, primary_key=True),
        _string("ts", 40, primary_key=True),
        _string("incident", 40),
        _string("event_id", 80, nullable=True),
        _text("text"),
        _string("received_at", 40),
        _string("edited_at", 40, nullable=True),
        _string("deleted_at", 40, nullable=True),
        sa.Column("is_over", sa.Boolean, nullable=False),
    )
    op.create_index("ix_alerts_incident", "alerts", ["incident"])
    op.create_table("events", _string("id", 80, primary_key=True), _string("received_at", 40))
    op.create_table("findings", _string("incident", 40, primary_key=True), _text("body"))
    op.create_table(
        "plans",
        _string("id", 40, primary_key=True),
        _string("incident", 40),
        _string("made_at", 40),
        _string("stage", 20),
        _text("body"),
        _text("outcome"),
    )
    op.create_index("ix_plans_incident", "plans", ["incident"])
    op.create_index("ix_plans_stage", "plans", ["stage"])
    op.create_table(
        "audit",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        _string("at", 40),
        _string("person", 80),
        _string("action", 60),
        _string("incident", 40),
        _string("plan", 40),
        _text("detail"),
        _string("previous", 64),
        _string("hash", 64),
    )
    op.create_table("cursors", _string("channel", 40, primary_key=True), _string("ts", 40))
