"""Stage 7: answers to commands and shortcuts, through the address that Slack sent with them (5 uses in 30 minutes)."""

import aiohttp
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.errors import Unreachable
from bot.slack.elements import Block, paragraphs
from bot.slack.escape import cut
from bot.slack.refusals import SYSTEM, SlackRefused


class Answers:
    """Words that only the asker sees, over the shared session. They arrive in channels that the bot is not in, too."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def send(self, response_url: str, mrkdwn: str) -> None:
        """Show `mrkdwn` to whoever asked. Raises Unreachable, SlackRefused when the address is used up or too old."""
        text = mrkdwn if mrkdwn.strip() else "Nothing to show."
        await self.show(response_url, text, paragraphs(text))

    async def show(self, response_url: str, text: str, blocks: list[Block], *, is_page: bool = False) -> None:
        """The same with blocks; `is_page` puts them in the place of the message whose button was pressed.

        SlackRefused with code `invalid_blocks` where this workspace does not take the blocks.
        """
        client = AsyncWebhookClient(response_url, session=self._session)
        try:
            answer = await client.send(
                text=cut(text, 3_000), blocks=blocks, response_type="ephemeral", replace_original=is_page
            )
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unreachable(SYSTEM, f"response_url: no answer ({type(error).__name__})") from error
        if answer.status_code != 200:
            code = "invalid_blocks" if "invalid_blocks" in answer.body else f"http_{answer.status_code}"
            raise SlackRefused(code, f"response_url was refused: {answer.body[:200]}")
