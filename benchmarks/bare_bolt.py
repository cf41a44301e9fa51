"""The bare bolt app that the bot is compared with: it says hello in the message's thread, and nothing else."""

import asyncio
import os

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


async def main() -> None:
    async with aiohttp.ClientSession() as session:
        token = os.environ["SLACK_BOT_TOKEN"]
        app = AsyncApp(client=AsyncWebClient(token, base_url=os.environ["SLACK_API_URL"], session=session))

        @app.event("message")
        async def hello(event: dict[str, str], client: AsyncWebClient) -> None:
            if "thread_ts" not in event:
                await client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text="hello")

        await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start_async()


asyncio.run(main())
