"""Stage 2: a Slack message becomes one normalised text."""
