"""The tables. Rows hold the state, deadlines too; the audit log only grows."""

import sqlalchemy as sa

metadata = sa.MetaData()

# A body that grows with its dataclass is one JSON column; what is searched or compared has a column of its own.
incidents = sa.Table(
    "incidents",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("key", sa.String(500), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("alert_ts", sa.String(40), nullable=False),
    sa.Column("opened_at", sa.String(40), nullable=False),
    sa.Column("last_seen_at", sa.String(40), nullable=False),
    sa.Column("alerts", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    # One open incident a key, whoever of several replicas is faster.
    sa.Index(
        "incidents_open_key",
        "key",
        unique=True,
        sqlite_where=sa.text("state <> 'resolved'"),
        postgresql_where=sa.text("state <> 'resolved'"),
    ),
)

alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("channel", sa.String(40), primary_key=True),
    sa.Column("ts", sa.String(40), primary_key=True),
    sa.Column("incident", sa.String(40), nullable=False, index=True),
    sa.Column("event_id", sa.String(80)),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("received_at", sa.String(40), nullable=False),
    sa.Column("edited_at", sa.String(40)),
    sa.Column("deleted_at", sa.String(40)),
    sa.Column("is_over", sa.Boolean, nullable=False, default=False),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("received_at", sa.String(40), nullable=False),
)

findings = sa.Table(
    "findings",
    metadata,
    sa.Column("incident", sa.String(40), primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

plans = sa.Table(
    "plans",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("incident", sa.String(40), nullable=False, index=True),
    sa.Column("made_at", sa.String(40), nullable=False),
    sa.Column("stage", sa.String(20), nullable=False, index=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("person", sa.String(80), nullable=False),
    sa.Column("action", sa.String(60), nullable=False),
    sa.Column("incident", sa.String(40), nullable=False),
    sa.Column("plan", sa.String(40), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)

cursors = sa.Table(
    "cursors",
    metadata,
    sa.Column("channel", sa.String(40), primary_key=True),
    sa.Column("ts", sa.String(40), nullable=False),
)
