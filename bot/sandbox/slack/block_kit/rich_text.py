"""Second floor of the Block Kit validator: rich_text blocks and the parts inside them. Data."""

from bot.sandbox.slack.block_kit.objects import ID, URL
from bot.sandbox.slack.block_kit.rules import Rule, array, by_type, choice, flag, number, shape, text

_STYLE = shape(
    {},
    dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), flag),
)


def _part(kind: str, required: dict[str, Rule], optional: dict[str, Rule] | None = None) -> Rule:
    return shape({"type": choice(kind), **required}, {"style": _STYLE, **(optional or {})})


_PARTS: dict[str, Rule] = {
    "text": _part("text", {"text": text()}),
    "link": _part("link", {"url": URL}, {"text": text(), "unsafe": flag}),
    "emoji": _part("emoji", {"name": text()}, {"unicode": text(), "skin_tone": number(low=1, high=6, whole=True)}),
    "user": _part("user", {"user_id": text()}),
    "usergroup": _part("usergroup", {"usergroup_id": text()}),
    "channel": _part("channel", {"channel_id": text()}),
    "team": _part("team", {"team_id": text()}),
    "broadcast": _part("broadcast", {"range": choice("here", "channel", "everyone")}),
    "color": _part("color", {"value": text(pattern=r"#[0-9a-fA-F]{6}")}),
    "date": _part("date", {"timestamp": number(whole=True), "format": text()}, {"url": URL, "fallback": text()}),
}
_PART = by_type(_PARTS)
_VERBATIM = by_type({"text": _PARTS["text"], "link": _PARTS["link"]})
_BORDER = number(low=0, high=1, whole=True)
_SECTION = shape({"type": choice("rich_text_section"), "elements": array(_PART)})
_LIST = shape(
    {
        "type": choice("rich_text_list"),
        "style": choice("bullet", "ordered"),
        "elements": array(by_type({"rich_text_section": _SECTION}), least=1),
    },
    {"indent": number(low=0, high=8, whole=True), "offset": number(low=0, whole=True), "border": _BORDER},
)
_BLOCKS: dict[str, Rule] = {
    "rich_text_section": _SECTION,
    "rich_text_list": _LIST,
    "rich_text_quote": shape({"type": choice("rich_text_quote"), "elements": array(_PART)}, {"border": _BORDER}),
    "rich_text_preformatted": shape(
        {"type": choice("rich_text_preformatted"), "elements": array(_VERBATIM)},
        {"border": _BORDER, "language": text()},
    ),
}
RICH_TEXT = shape({"type": choice("rich_text"), "elements": array(by_type(_BLOCKS), least=1)}, {"block_id": ID})
