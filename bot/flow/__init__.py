"""The road's turns, one verb a file. Slack, drivers, the engine and the clock are handed in (ports.py)."""
