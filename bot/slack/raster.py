"""Stage 7: SVG becomes PNG, in a process of its own; run as a program it is that process.

The rasteriser keeps Python's lock for some 0.2 s a picture (measured with resvg-py 0.5): in a thread of the bot, no
click would be answered meanwhile. The font comes with the bot: without any, text would silently be left out.
"""

import asyncio
import sys
from pathlib import Path

from bot.errors import IntegrationError

SYSTEM = "Charts"
FONT_FILE = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
FONT = "DejaVu Sans"
DEADLINE_S = 20.0
_ZOOM = 2  # sharp on a phone's screen


async def rasterise(svg: str, deadline_s: float = DEADLINE_S) -> bytes:
    """The picture as PNG, twice as large as the SVG says. IntegrationError when it cannot be drawn, or not in time."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        png, said = await asyncio.wait_for(process.communicate(svg.encode("utf-8", "replace")), deadline_s)
    except TimeoutError:
        raise IntegrationError(SYSTEM, f"a picture was not drawn within {deadline_s:g} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        last = said.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
        raise IntegrationError(SYSTEM, f"a picture could not be drawn: {last}")
    return png


def main() -> None:
    """SVG from standard input, PNG to standard output."""
    import resvg_py

    drawn = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        zoom=_ZOOM,
        skip_system_fonts=True,
        font_files=[str(FONT_FILE)],
        font_family=FONT,
    )
    sys.stdout.buffer.write(bytes(drawn))


if __name__ == "__main__":
    main()
