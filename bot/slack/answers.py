"""Stage 7: answers to commands and shortcuts, through the address that Slack sent with them (5 uses in 30 minutes)."""

import aiohttp
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.errors import Unreachable
from bot.slack.elements import paragraphs
from bot.slack.escape import cut
from bot.slack.refusals import SYSTEM, SlackRefused


class Answers:
    """Words that only the asker sees, over the shared session. They arrive in channels that the bot is not in, too."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def send(self, response_url: str, mrkdwn: str) -> None:
        """Show `mrkdwn` to whoever asked. Raises Unreachable, SlackRefused when the address is used up or too old."""
        client = AsyncWebhookClient(response_url, session=self._session)
        text = mrkdwn if mrkdwn.strip() else "Nothing to show."
        try:
            answer = await client.send(
                text=cut(text, 3_000), blocks=paragraphs(text), response_type="ephemeral", replace_original=False
            )
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unreachable(SYSTEM, f"response_url: no answer ({type(error).__name__})") from error
        if answer.status_code != 200:
            raise SlackRefused(f"http_{answer.status_code}", f"response_url was refused: {answer.body[:200]}")
