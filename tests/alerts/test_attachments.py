"""Attachments, unfurled messages and mailed files are part of what a person sees."""

from bot.alerts.extraction import read_alert


def test_attachment_is_read_from_pretext_to_footer() -> None:
    """Each part gives a line, in Slack's order; buttons with a URL are links."""
    attachment = {
        "pretext": "Task failed",
        "author_name": "airflow",
        "title": "orders &amp; payments",
        "title_link": "https://x.test/1",
        "text": "deadlock",
        "fields": [{"title": "Try", "value": "1"}, {"title": "", "value": "alone"}, {"title": "Empty", "value": ""}],
        "actions": [{"type": "button", "text": "Log", "url": "https://x.test/2"}, {"type": "button", "text": "Mute"}],
        "footer": "prod",
        "fallback": "not shown",
    }
    assert read_alert({"attachments": [attachment]}).text.split("\n") == [
        "Task failed",
        "airflow",
        "orders & payments (https://x.test/1)",
        "deadlock",
        "Try: 1",
        "alone",
        "Empty",
        "Log (https://x.test/2)",
        "prod",
    ]


def test_fallback_stands_in_for_an_empty_attachment() -> None:
    """The fallback is read only when nothing else is there, and Slack's placeholder never."""
    assert read_alert({"attachments": [{"fallback": "disk full"}]}).text == "disk full"
    assert read_alert({"attachments": [{"fallback": "[no preview available]"}]}).text == ""


def test_blocks_of_an_attachment_replace_its_text() -> None:
    """An attachment with blocks shows them; its fallback is not shown beside them."""
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "inside"}}
    attachment = {"blocks": [block], "text": "older text", "fallback": "[no preview available]"}
    assert read_alert({"attachments": [attachment]}).text == "inside"


def test_unfurled_message_is_read() -> None:
    """A message that another one links to is read with its own blocks and attachments."""
    shown = {
        "message": {
            "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "original"}}],
            "attachments": [{"text": "cause"}],
        }
    }
    assert read_alert({"text": "look", "attachments": [{"message_blocks": [shown]}]}).text == "look\noriginal\ncause"


def test_mail_to_the_channel_is_read() -> None:
    """A mailed notification comes as a file: its subject and its words count."""
    mail = {
        "mode": "email",
        "title": "mail.eml",
        "subject": "Resource monitor LOADING_MONITOR",
        "plain_text": "100% of quota",
    }
    assert (
        read_alert({"subtype": "file_share", "files": [mail]}).text == "Resource monitor LOADING_MONITOR\n100% of quota"
    )
