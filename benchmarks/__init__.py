"""Measurements: `make bench` runs all of them in one run and writes RESULTS.md."""
