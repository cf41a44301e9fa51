"""Stage 5: probes read, side by side, each with its own deadline; what they saw are findings."""
