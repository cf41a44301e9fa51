"""One visit: what a browser says to Streamlit so that the app runs and, when its cache is empty, reads."""

from __future__ import annotations

import asyncio

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

PATIENCE_S = 45.0


class AppFailed(Exception):
    """The app ran and raised, or its server hung up; the message says which."""


def visit(port: int) -> None:
    """Open the page and stay until the script has run; AppFailed, OSError or TimeoutError when it could not."""
    try:
        asyncio.run(asyncio.wait_for(_visit(port), PATIENCE_S))
    except WebSocketException as closed:
        raise AppFailed(f"the server hung up: {closed}") from closed


async def _visit(port: int) -> None:
    async with connect(f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as socket:
        asked = BackMsg()
        asked.rerun_script.query_string = ""
        await socket.send(asked.SerializeToString())
        failure = ""
        async for frame in socket:
            said = ForwardMsg.FromString(frame if isinstance(frame, bytes) else frame.encode())
            if said.delta.new_element.HasField("exception"):
                failure = said.delta.new_element.exception.message
            if said.WhichOneof("type") == "script_finished":
                break
    if failure:
        raise AppFailed(failure)
