"""Stages 8 to 11: a remedy is planned, approved, executed once and verified."""
