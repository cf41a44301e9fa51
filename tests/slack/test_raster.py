"""SVG becomes PNG with text in it."""

import asyncio
import struct

import pytest

from bot.errors import IntegrationError
from bot.playbooks import chart_svg
from bot.playbooks.chart_svg import draw_svg
from bot.playbooks.reply import Chart, ChartKind, Point
from bot.slack.raster import FONT, rasterise


def picture(title: str = "Hours old") -> str:
    """A bar, as SVG."""
    return draw_svg(Chart(ChartKind.BAR, title, (Point("A", 1.0, 2.0),), "h"))


async def test_a_picture_is_png_and_twice_as_sharp() -> None:
    """A PNG of 1600 pixels, small enough to upload in a blink."""
    png = await rasterise(picture())
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">I", png[16:20])[0] == 1600
    assert len(png) < 100_000


async def test_text_is_drawn_in_the_bots_own_font() -> None:
    """Another title gives another picture: without a font it would silently be left out."""
    one, two = await asyncio.gather(rasterise(picture("Größe")), rasterise(picture("Umfang")))
    assert one != two
    assert chart_svg.FONT == FONT


async def test_what_cannot_be_drawn_is_told() -> None:
    """No SVG, no picture, and a reason."""
    with pytest.raises(IntegrationError, match=r"could not be drawn: .+"):
        await rasterise("no svg")


async def test_a_picture_has_a_deadline() -> None:
    """A rasteriser that takes too long is ended."""
    with pytest.raises(IntegrationError, match="not drawn within 0 s"):
        await rasterise(picture(), deadline_s=0.0)


async def test_the_loop_is_free_meanwhile() -> None:
    """Clicks are answered while a picture is drawn."""
    beats = [await beats_while_drawing()]
    while beats[-1] <= 20 and len(beats) < 5:  # the machine may have stopped this process until the other was ready
        beats.append(await beats_while_drawing())
    assert beats[-1] > 20


async def beats_while_drawing() -> int:
    """How often the loop came around while a picture was drawn."""
    beats = 0
    drawing = asyncio.create_task(rasterise(picture()))
    while not drawing.done():
        await asyncio.sleep(0.001)
        beats += 1
    await drawing
    return beats
