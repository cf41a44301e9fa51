"""What is kept: tables, migrations and queries, the same on SQLite and PostgreSQL."""
