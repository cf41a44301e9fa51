"""Durable execution: the only folder that imports dbos."""
