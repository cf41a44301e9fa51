"""Stages 4 and 12: an incident is opened, joined, acknowledged, remedied, resolved."""
