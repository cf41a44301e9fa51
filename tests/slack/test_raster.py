"""SVG becomes PNG with text in it."""

import struct

from bot.playbooks.reply import Chart, ChartKind, Point
from bot.slack.raster import draw_png


def test_a_picture_is_png_and_twice_as_sharp() -> None:
    """A PNG of 1600 pixels, small enough to upload in a blink."""
    png = draw_png(Chart(ChartKind.BAR, "Hours old", (Point("A", 1.0, 2.0),), "h"))
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">I", png[16:20])[0] == 1600
    assert len(png) < 100_000


def test_text_is_drawn_in_the_bots_own_font() -> None:
    """Another title gives another picture: without a font it would silently be left out."""
    one, two = (draw_png(Chart(ChartKind.LINE, title, (Point("A", 1.0),))) for title in ("Größe", "Umfang"))
    assert one != two
