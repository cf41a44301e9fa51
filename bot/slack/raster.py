"""Stage 7: SVG becomes PNG, in the font that comes with the bot: without a font text would silently be left out."""

from importlib.resources import as_file, files

from bot.playbooks.chart_svg import FONT, draw_svg
from bot.playbooks.reply import Chart

_FONT_FILE = files("bot.slack") / "fonts" / "DejaVuSans.ttf"
_ZOOM = 2  # sharp on a phone's screen


def draw_png(chart: Chart) -> bytes:
    """The chart as PNG, about 1600 pixels wide and 30 kB. Blocks for some 40 ms: never on the event loop."""
    import resvg_py

    with as_file(_FONT_FILE) as font:
        drawn = resvg_py.svg_to_bytes(
            svg_string=draw_svg(chart), zoom=_ZOOM, skip_system_fonts=True, font_files=[str(font)], font_family=FONT
        )
    return bytes(drawn)
