"""Block Kit's limits, each at n and at n + 1; and that the judge stands alone."""

import subprocess
import sys

import pytest

from bot.sandbox.slack.block_kit import characters, validate_message, validate_view


def plain(length=1):
    """A plain_text object of that length."""
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length=1):
    """A mrkdwn object of that length."""
    return {"type": "mrkdwn", "text": "x" * length}


def section(**fields):
    """A section with these fields."""
    return {"type": "section", **fields}


def button(number=0, **fields):
    """A good button; fields override."""
    return {"type": "button", "action_id": f"b{number}", "text": plain(), **fields}


def actions(*elements):
    """An actions block with these elements."""
    return {"type": "actions", "elements": list(elements)}


def option(number=0, **fields):
    """A good option; fields override."""
    return {"text": plain(), "value": f"v{number}", **fields}


def select(count):
    """A static_select with that many options."""
    return {"type": "static_select", "action_id": "s", "options": [option(n) for n in range(count)]}


def confirm(**lengths):
    """A confirm dialog with texts of these lengths."""
    sizes = {"title": 1, "text": 1, "confirm": 1, "deny": 1} | lengths
    return {name: plain(length) for name, length in sizes.items()}


def cell(text="x"):
    """A table cell."""
    return {"type": "raw_text", "text": text}


def table(rows, columns):
    """A table of that size."""
    return {"type": "table", "rows": [[cell()] * columns] * rows}


def data_table(rows, columns=1, **fields):
    """A data_table of that size, header included."""
    return {"type": "data_table", "caption": "c", "rows": [[cell()] * columns] * rows, **fields}


def chart(series=1, points=1, label=1, title=1, kind="line"):
    """A chart with so many series and points, labels and title of that length."""
    categories = [f"{number:02d}".ljust(label, "x")[: max(label, 2)] for number in range(points)]
    data = [{"label": name, "value": 1.5} for name in categories]
    plotted = [{"name": f"s{number}", "data": data} for number in range(series)]
    body = {"type": kind, "series": plotted, "axis_config": {"categories": categories}}
    return {"type": "data_visualization", "title": "t" * title, "chart": body}


def pie(segments):
    """A pie chart with that many segments."""
    shown = [{"label": f"s{number}", "value": number} for number in range(segments)]
    return {"type": "data_visualization", "title": "t", "chart": {"type": "pie", "segments": shown}}


def card(**fields):
    """A good card; fields override."""
    return {"type": "card", "title": mrkdwn(), **fields}


def input_block(element, **fields):
    """An input block around an element."""
    return {"type": "input", "label": plain(), "element": element, **fields}


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
WRONG = {
    "unknown type": ({"type": "chart"}, "/blocks/0/type", "unsupported type: chart"),
    "no type": ({"text": "x"}, "/blocks/0", "missing required field: type"),
    "no object": ("x", "/blocks/0", "must provide an object"),
    "section without text": (section(), "/blocks/0", "must define either `text` or `fields`"),
    "header without text": ({"type": "header"}, "/blocks/0", "missing required field: text"),
    "mrkdwn header": (
        {"type": "header", "text": mrkdwn()},
        "/blocks/0/text/type",
        "must be a valid enum value: plain_text",
    ),
    "empty text": (section(text=mrkdwn(0)), "/blocks/0/text/text", "must be more than 0 characters"),
    "text that is no text": (section(text="hi"), "/blocks/0/text", "must provide an object"),
    "unknown property": (
        actions(button(disabled=True)),
        "/blocks/0/elements/0",
        "invalid additional property: disabled",
    ),
    "emoji in mrkdwn": (
        section(text={**mrkdwn(), "emoji": True}),
        "/blocks/0/text",
        "invalid additional property: emoji",
    ),
    "bad style": (
        actions(button(style="warning")),
        "/blocks/0/elements/0/style",
        "must be a valid enum value: primary, danger",
    ),
    "no elements": (actions(), "/blocks/0/elements", "no less than 1 items allowed"),
    "same action_id": (
        actions(button(), button()),
        "/blocks/0/elements/1/action_id",
        '`action_id` "b0" already exists',
    ),
    "alert in a message": (
        {"type": "alert", "text": mrkdwn()},
        "/blocks/0/type",
        "unsupported type: alert (only in modals)",
    ),
    "image without alt_text": (
        {"type": "image", "image_url": "https://e.com/a.png"},
        "/blocks/0",
        "missing required field: alt_text",
    ),
    "image with two sources": (
        {"type": "image", "image_url": "https://e.com/a.png", "slack_file": {"id": "F1"}, "alt_text": "x"},
        "/blocks/0",
        "must define exactly one of image_url or slack_file",
    ),
    "url without scheme": (
        actions(button(url="example.com")),
        "/blocks/0/elements/0/url",
        "must match pattern (?s)(https?|mailto|slack|tel):.+",
    ),
    "initial option elsewhere": (
        actions({**select(1), "initial_option": option(7)}),
        "/blocks/0/elements/0",
        "initial option must be one of the options",
    ),
    "ragged table": (
        {"type": "table", "rows": [[cell()], [cell(), cell()]]},
        "/blocks/0/rows/1",
        "every row must have 1 cells",
    ),
    "rich header cell": (
        data_table(2) | {"rows": [[{"type": "rich_text", "elements": []}], [cell()]]},
        "/blocks/0/rows/0/0",
        "a header cell must not be rich_text",
    ),
    "infinite value": (
        {**pie(1), "chart": {"type": "pie", "segments": [{"label": "a", "value": float("inf")}]}},
        "/blocks/0/chart/segments/0/value",
        "must provide a number",
    ),
    "no caption": ({"type": "data_table", "rows": [[cell()]] * 2}, "/blocks/0", "missing required field: caption"),
    "missing point": (
        {**chart(), "chart": chart(points=2)["chart"] | {"axis_config": {"categories": ["00"]}}},
        "/blocks/0/chart/series/0/data",
        "data must hold exactly one point for each category",
    ),
    "text in a list": (
        {"type": "rich_text", "elements": [{"type": "text", "text": "x"}]},
        "/blocks/0/elements/0/type",
        "unsupported type: text",
    ),
    "same series twice": (
        {**chart(), "chart": chart()["chart"] | {"series": chart()["chart"]["series"] * 2}},
        "/blocks/0/chart/series/1/name",
        "series names must be unique",
    ),
    "collapsing with a divider": (
        {
            "type": "container",
            "title": plain(),
            "child_blocks": [{"type": "divider"}],
            "is_collapsible": True,
            "has_header_divider": True,
        },
        "/blocks/0",
        "has_header_divider cannot be set when is_collapsible is true",
    ),
    "container in a container": (
        {"type": "container", "title": plain(), "child_blocks": [{"type": "container"}]},
        "/blocks/0/child_blocks/0/type",
        "unsupported type: container",
    ),
    "a date that is none": (
        actions({"type": "datepicker", "action_id": "d", "initial_date": "today"}),
        "/blocks/0/elements/0/initial_date",
        "must match pattern \\d{4}-\\d\\d-\\d\\d",
    ),
    "input element in actions": (
        actions({"type": "plain_text_input", "action_id": "p"}),
        "/blocks/0/elements/0/type",
        "unsupported type: plain_text_input",
    ),
    "options and groups": (
        actions({**select(1), "option_groups": []}),
        "/blocks/0/elements/0",
        "must define exactly one of options or option_groups",
    ),
    "value that is no text": (actions(button(value=42)), "/blocks/0/elements/0/value", "must provide a string"),
    "emoji that is no flag": (
        actions(button(text={**plain(), "emoji": "yes"})),
        "/blocks/0/elements/0/text/emoji",
        "must provide a boolean",
    ),
    "elements that are no list": (
        {"type": "context", "elements": mrkdwn()},
        "/blocks/0/elements",
        "must provide an array",
    ),
    "half a page": (data_table(2, page_size=2.5), "/blocks/0/page_size", "must provide an integer"),
    "page of none": (data_table(2, page_size=0), "/blocks/0/page_size", "must be greater than or equal to 1"),
    "task without status word": (
        {"type": "task_card", "task_id": "1", "title": "t", "status": "done"},
        "/blocks/0/status",
        "must be a valid enum value: pending, in_progress, complete, error",
    ),
}


@pytest.mark.parametrize(("block", "pointer", "message"), WRONG.values(), ids=WRONG)
def test_wrong_blocks_are_refused(block, pointer, message):
    """Each kind of mistake is found, with its pointer and Slack's words."""
    assert (pointer, message) in [(problem.pointer, problem.message) for problem in validate_message([block])]


def test_blocks_of_a_message():
    """50 blocks pass, 51 do not; the blocks must be a list; an empty list is fine."""
    assert validate_message([{"type": "divider"}] * 50) == []
    assert validate_message([{"type": "divider"}] * 51)[0].message == "no more than 50 items allowed"
    assert validate_message({"type": "divider"})[0].message == "must provide an array"
    assert validate_message([]) == []


def test_block_ids_are_unique_and_action_ids_within_a_block():
    """A block_id may occur once in a message; an action_id may recur in another block."""
    twice = [{"type": "divider", "block_id": "a"}] * 2
    assert validate_message(twice)[0].pointer == "/blocks/1/block_id"
    assert validate_message([actions(button()), actions(button())]) == []


def test_sums_over_a_message():
    """Markdown of 12,000 together, two charts and one table are the most a message takes."""
    half = {"type": "markdown", "text": "x" * 6000}
    assert validate_message([half, half]) == []
    assert validate_message([half, half, {"type": "markdown", "text": "x"}])
    assert validate_message([chart(), chart()]) == []
    assert validate_message([chart()] * 3)
    assert validate_message([table(1, 1)]) == []
    assert validate_message([table(1, 1)] * 2)[0].code == "only_one_table_allowed"


def test_characters_counts_texts_only():
    """Ids, values and URLs do not count; titles, labels and texts do."""
    blocks = [section(text=mrkdwn(10)), actions(button(text=plain(5), value="x" * 100)), {"type": "divider"}]
    assert characters(blocks) == 15


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


FIELD = {"type": "plain_text_input", "action_id": "a"}
WRONG_VIEWS = {
    "input without submit": modal(blocks=[input_block(FIELD)]),
    "table in a modal": modal(blocks=[table(1, 1)]),
    "chart in a modal": modal(blocks=[chart()]),
    "carousel in a modal": modal(blocks=[{"type": "carousel", "elements": [card()]}]),
    "alert on App Home": {"type": "home", "blocks": [{"type": "alert", "text": mrkdwn()}]},
    "home with a title": {"type": "home", "title": plain(), "blocks": []},
    "no blocks": {"type": "modal", "title": plain()},
    "lengths crossed": modal(submit=plain(), blocks=[input_block({**FIELD, "min_length": 5, "max_length": 4})]),
    "too many bytes": modal(blocks=[section(text=mrkdwn(3000))] * 90),
    "no view": None,
}


@pytest.mark.parametrize("view", WRONG_VIEWS.values(), ids=WRONG_VIEWS)
def test_wrong_views_are_refused(view):
    """What a view may not be or hold is found."""
    assert validate_view(view)


def test_a_good_form_passes():
    """Inputs of every usual kind in a modal with a submit button are accepted."""
    number = {"type": "number_input", "action_id": "n", "is_decimal_allowed": True, "min_value": "1.5"}
    date = {"type": "datepicker", "action_id": "d", "initial_date": "2026-11-23"}
    fields = [FIELD, number, date, select(2), {"type": "multi_users_select", "action_id": "m"}]
    assert validate_view(modal(submit=plain(), blocks=[input_block(field) for field in fields])) == []


GOOD = {
    "rich text": {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "x", "style": {"bold": True}}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x"}], "border": 0},
            {"type": "rich_text_quote", "elements": [{"type": "user", "user_id": "U1"}]},
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "link", "url": "https://e.com"}]}],
            },
        ],
    },
    "table with numbers": {
        "type": "table",
        "rows": [[cell(), {"type": "raw_number", "value": 1.5, "text": "1.5"}]],
        "column_settings": [None, {"align": "right", "is_wrapped": True}],
    },
    "plan": {
        "type": "plan",
        "title": "p",
        "tasks": [{"type": "task_card", "task_id": "1", "title": "t", "status": "complete"}],
    },
    "feedback": {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "f",
                "positive_button": {"text": plain(), "value": "good"},
                "negative_button": {"text": plain(), "value": "bad"},
            }
        ],
    },
    "dispatching input": input_block(
        {
            "type": "plain_text_input",
            "action_id": "a",
            "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
        },
        dispatch_action=True,
        hint=plain(),
    ),
    "file image": {"type": "image", "alt_text": "x", "slack_file": {"id": "F1"}, "title": plain()},
    "link button": actions(button(url="https://e.com", style="danger", confirm=confirm())),
    "grouped select": actions(
        {"type": "static_select", "action_id": "s", "option_groups": [{"label": plain(), "options": [option()]}]}
    ),
    "bar": chart(kind="bar", series=2, points=3),
    "area": chart(kind="area"),
}


@pytest.mark.parametrize("block", GOOD.values(), ids=GOOD)
def test_good_blocks_pass(block):
    """Blocks of every family that Slack documents are accepted as they are."""
    assert validate_message([block]) == []


def test_the_judge_needs_no_server():
    """The validator is importable without aiohttp and yaml."""
    blocked = "import sys; sys.modules['aiohttp'] = sys.modules['yaml'] = None; import bot.sandbox.slack.block_kit"
    subprocess.run([sys.executable, "-c", blocked], check=True, timeout=20)
