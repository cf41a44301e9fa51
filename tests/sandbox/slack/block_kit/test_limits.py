"""Block Kit's limits, each at n and at n + 1."""

import pytest

from bot.sandbox.slack.block_kit import validate_message, validate_view
from tests.sandbox.slack.block_kit.builders import (
    actions,
    button,
    card,
    chart,
    confirm,
    data_table,
    input_block,
    mrkdwn,
    option,
    pie,
    plain,
    section,
    select,
    table,
)

# name: (block made from a size, the largest size that Slack takes, the pointer of the problem one above it)
LIMITS = {
    "section text": (lambda n: section(text=mrkdwn(n)), 3000, "/blocks/0/text/text"),
    "section fields": (lambda n: section(fields=[mrkdwn()] * n), 10, "/blocks/0/fields"),
    "section field": (lambda n: section(fields=[mrkdwn(n)]), 2000, "/blocks/0/fields/0/text"),
    "header": (lambda n: {"type": "header", "text": plain(n)}, 150, "/blocks/0/text/text"),
    "markdown": (lambda n: {"type": "markdown", "text": "x" * n}, 12_000, "/blocks/0/text"),
    "actions": (lambda n: actions(*map(button, range(n))), 25, "/blocks/0/elements"),
    "context": (lambda n: {"type": "context", "elements": [mrkdwn()] * n}, 10, "/blocks/0/elements"),
    "block_id": (lambda n: {"type": "divider", "block_id": "x" * n}, 255, "/blocks/0/block_id"),
    "action_id": (lambda n: actions(button(action_id="x" * n)), 255, "/blocks/0/elements/0/action_id"),
    "button text": (lambda n: actions(button(text=plain(n))), 75, "/blocks/0/elements/0/text/text"),
    "button value": (lambda n: actions(button(value="x" * n)), 2000, "/blocks/0/elements/0/value"),
    "button url": (lambda n: actions(button(url="http://" + "x" * (n - 7))), 3000, "/blocks/0/elements/0/url"),
    "options": (lambda n: actions(select(n)), 100, "/blocks/0/elements/0/options"),
    "overflow": (
        lambda n: section(
            text=mrkdwn(), accessory={"type": "overflow", "action_id": "o", "options": [option(i) for i in range(n)]}
        ),
        5,
        "/blocks/0/accessory/options",
    ),
    "option text": (
        lambda n: actions({**select(1), "options": [option(text=plain(n))]}),
        75,
        "/blocks/0/elements/0/options/0/text/text",
    ),
    "option value": (
        lambda n: actions({**select(1), "options": [option(value="x" * n)]}),
        150,
        "/blocks/0/elements/0/options/0/value",
    ),
    "checkboxes": (
        lambda n: actions({"type": "checkboxes", "action_id": "c", "options": [option(i) for i in range(n)]}),
        10,
        "/blocks/0/elements/0/options",
    ),
    "confirm title": (
        lambda n: actions(button(confirm=confirm(title=n))),
        100,
        "/blocks/0/elements/0/confirm/title/text",
    ),
    "confirm text": (lambda n: actions(button(confirm=confirm(text=n))), 300, "/blocks/0/elements/0/confirm/text/text"),
    "confirm deny": (lambda n: actions(button(confirm=confirm(deny=n))), 30, "/blocks/0/elements/0/confirm/deny/text"),
    "alt_text": (
        lambda n: {"type": "image", "image_url": "https://e.com/a.png", "alt_text": "x" * n},
        2000,
        "/blocks/0/alt_text",
    ),
    "placeholder": (
        lambda n: actions({**select(1), "placeholder": plain(n)}),
        150,
        "/blocks/0/elements/0/placeholder/text",
    ),
    "input label": (
        lambda n: input_block({"type": "plain_text_input", "action_id": "a"}, label=plain(n)),
        2000,
        "/blocks/0/label/text",
    ),
    "table rows": (lambda n: table(n, 2), 100, "/blocks/0/rows"),
    "table columns": (lambda n: table(2, n), 20, "/blocks/0/rows/0"),
    "data_table rows": (data_table, 101, "/blocks/0/rows"),
    "data_table columns": (lambda n: data_table(2, n), 20, "/blocks/0/rows/0"),
    "data_table page_size": (lambda n: data_table(2, page_size=n), 100, "/blocks/0/page_size"),
    "chart title": (lambda n: chart(title=n), 50, "/blocks/0/title"),
    "chart series": (lambda n: chart(series=n), 6, "/blocks/0/chart/series"),
    "chart categories": (lambda n: chart(points=n), 20, "/blocks/0/chart/axis_config/categories"),
    "chart label": (lambda n: chart(label=n), 20, "/blocks/0/chart/axis_config/categories/0"),
    "pie segments": (pie, 6, "/blocks/0/chart/segments"),
    "card body": (lambda n: card(body=mrkdwn(n)), 200, "/blocks/0/body/text"),
    "card title": (lambda n: card(title=mrkdwn(n)), 150, "/blocks/0/title/text"),
    "carousel": (lambda n: {"type": "carousel", "elements": [card()] * n}, 10, "/blocks/0/elements"),
    "container": (
        lambda n: {"type": "container", "title": plain(), "child_blocks": [{"type": "divider"}] * n},
        10,
        "/blocks/0/child_blocks",
    ),
}


@pytest.mark.parametrize(("make", "most", "pointer"), LIMITS.values(), ids=LIMITS)
def test_each_limit_holds_at_n_and_not_at_n_plus_1(make, most, pointer):
    """A block of the largest size is accepted; one more is refused, and the pointer says where."""
    assert validate_message([make(most)]) == []
    assert pointer in [problem.pointer for problem in validate_message([make(most + 1)])]


# name: (block, pointer, message)


def modal(**fields):
    """A good modal; fields override."""
    return {"type": "modal", "title": plain(), "blocks": [{"type": "divider"}], **fields}


VIEW_LIMITS = {
    "title": (lambda n: modal(title=plain(n)), 24),
    "submit": (lambda n: modal(submit=plain(n)), 24),
    "close": (lambda n: modal(close=plain(n)), 24),
    "private_metadata": (lambda n: modal(private_metadata="x" * n), 3000),
    "callback_id": (lambda n: modal(callback_id="x" * n), 255),
    "blocks": (lambda n: modal(blocks=[{"type": "divider"}] * n), 100),
    "home blocks": (lambda n: {"type": "home", "blocks": [{"type": "divider"}] * n}, 100),
    "alert": (lambda n: modal(blocks=[{"type": "alert", "text": mrkdwn(n), "level": "warning"}]), 200),
}


@pytest.mark.parametrize(("make", "most"), VIEW_LIMITS.values(), ids=VIEW_LIMITS)
def test_view_limits(make, most):
    """Each limit of a view holds at n and not at n + 1."""
    assert validate_view(make(most)) == []
    assert validate_view(make(most + 1))
