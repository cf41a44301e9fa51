"""Stage 7: files into Slack, by its three calls: announce, send the bytes, complete.

Source: docs.slack.dev/messaging/working-with-files ("files.upload" itself is gone since 2025).
"""

import aiohttp

from bot.errors import Unreachable
from bot.slack.methods import Method
from bot.slack.refusals import SYSTEM, SlackRefused
from bot.slack.transport import Caller


class Uploads:
    """Uploads over the shared session. The files are shared in no channel: they are seen where a block shows them."""

    def __init__(self, caller: Caller, session: aiohttp.ClientSession) -> None:
        self._caller = caller
        self._session = session

    async def upload(self, name: str, title: str, content: bytes) -> str:
        """The new file's id. Raises IntegrationError.

        Slack may take some seconds until a block can show it.
        """
        announced = await self._caller.call(Method.ANNOUNCE_FILE, {"filename": name, "length": len(content)})
        await self._send(str(announced.get("upload_url", "")), content)
        id = str(announced.get("file_id", ""))
        await self._caller.call(Method.COMPLETE_FILE, {"files": [{"id": id, "title": title}]})
        return id

    async def _send(self, url: str, content: bytes) -> None:
        try:
            async with self._session.post(url, data=content) as answer:
                if answer.status != 200:
                    said = (await answer.text())[:200]
                    raise SlackRefused(f"http_{answer.status}", f"a file's bytes were refused: {said}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unreachable(SYSTEM, f"a file's bytes did not arrive ({type(error).__name__})") from error
