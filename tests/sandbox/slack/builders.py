"""Views that tests of the stand-in open."""

FIELD = {"type": "plain_text_input", "action_id": "reason", "min_length": 3}

MODAL = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Why"},
    "submit": {"type": "plain_text", "text": "Send"},
    "notify_on_close": True,
    "blocks": [
        {"type": "input", "block_id": "why", "label": {"type": "plain_text", "text": "Reason"}, "element": FIELD}
    ],
}
