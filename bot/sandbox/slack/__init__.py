"""The Slack stand-in of the sandbox: a stateful workspace that the real slack-bolt and slack-sdk talk to."""
