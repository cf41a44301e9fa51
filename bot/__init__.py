"""runbook-bot: the runbook, with live findings, in the alert's Slack thread."""
