"""Stages 3 and 6: incident kinds as files; an alert is matched to one, and its reply is rendered."""
