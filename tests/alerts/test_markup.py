"""Slack's wire markup becomes what a person sees."""

import pytest

from bot.alerts.alert import Link
from bot.alerts.markup import undo, unescape

SEEN = {
    "a &lt;b&gt; &amp; c": "a <b> & c",
    "&amp;lt;": "&lt;",
    "<https://x.test/a?b=1&amp;c=2|log>": "log (https://x.test/a?b=1&c=2)",
    "<https://x.test>": "https://x.test",
    "<https://x.test|https://x.test>": "https://x.test",
    "see <http://raw.orders|raw.orders>": "see raw.orders",
    "<mailto:kim@x.test|kim@x.test>": "kim@x.test",
    "<@U1|nadia> <@U2>": "@nadia @U2",
    "<#C1|data-alerts> <#C2> <#C3|>": "#data-alerts #C2 #C3",
    "<!subteam^S1|@oncall> <!subteam^S2>": "@oncall @S2",
    "<!here> <!channel|channel> <!everyone>": "@here @channel @everyone",
    "<!date^1392734382^{date_num}|2014-02-18>": "2014-02-18",
    "`x < y` and <not a link>": "`x < y` and <not a link>",
    "open <": "open <",
    "*bold* `code` _it_": "*bold* `code` _it_",
}


@pytest.mark.parametrize(("wire", "seen"), SEEN.items(), ids=SEEN)
def test_markup_is_undone(wire: str, seen: str) -> None:
    """Entities, links, mentions and dates read as in Slack; anything else stays letter for letter."""
    assert undo(wire).text == seen


def test_links_keep_label_and_url() -> None:
    """A link is collected even where only its label is shown."""
    assert undo("<http://raw.orders|raw.orders> <https://x.test>").links == (
        Link("raw.orders", "http://raw.orders"),
        Link("", "https://x.test"),
    )


def test_entities_are_undone_once() -> None:
    """An escaped entity in the original text is not undone twice."""
    assert unescape("&amp;gt; &quot;") == "&gt; &quot;"
