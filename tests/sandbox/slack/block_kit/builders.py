"""Blocks, elements and objects of a given size, good ones unless a field says otherwise."""


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
