"""First floor of the stand-in: Slack's request signature, version 0. Pure: the timestamp is given.

Source: docs.slack.dev/authentication/verifying-requests-from-slack.
"""

import hashlib
import hmac


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """The `X-Slack-Signature` of a request body sent at that time (whole seconds)."""
    base = b"v0:%d:%s" % (timestamp, body)
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
