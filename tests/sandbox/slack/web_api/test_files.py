"""Files and incoming webhooks on the wire, with the real slack-sdk."""

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient


async def test_a_file_is_uploaded_in_three_calls(sandbox):
    """files_upload_v2 of the SDK shares a file in a thread, and its bytes can be read back."""
    root = await sandbox.client.chat_postMessage(channel="C0ENG", text="chart follows")
    answer = await sandbox.client.files_upload_v2(
        channel="C0ENG", content=b"\x89PNG", filename="c.png", initial_comment="runs", thread_ts=root["ts"]
    )
    message = sandbox.people.messages
    reply = (await sandbox.act(message, "C0ENG", root["ts"]))[1]
    assert (reply["text"], reply["files"][0]["id"]) == ("runs", answer["file"]["id"])
    async with sandbox.client.session.get(reply["files"][0]["url_private"]) as response:
        assert await response.read() == b"\x89PNG"


async def test_a_file_that_is_still_processed_cannot_be_shown(start, refusal):
    """An image block with a slack_file that is not ready answers invalid_blocks."""
    sandbox = await start(file_processing=60)
    file = (await sandbox.client.files_upload_v2(content=b"x", filename="c.png"))["file"]["id"]
    block = {"type": "image", "alt_text": "chart", "slack_file": {"id": file}}
    call = sandbox.client.chat_postMessage(channel="C0ENG", text="x", blocks=[block])
    assert (await refusal(call))[0] == "invalid_blocks"


async def test_an_incoming_webhook_posts_a_bot_message(sandbox):
    """A webhook answers plain ok, and its message is a bot_message without a user."""
    url = f"{sandbox.server.url}/services/T0SANDBOX/B0AIRFLOW/C0ALERTS"
    answer = await AsyncWebhookClient(url, session=sandbox.client.session).send(text="task failed")
    assert (answer.status_code, answer.body) == (200, "ok")
    message = (await sandbox.act(sandbox.people.messages, "C0ALERTS"))[-1]
    assert (message["subtype"], message["bot_id"], "user" in message) == ("bot_message", "B0AIRFLOW", False)
    empty = await AsyncWebhookClient(url, session=sandbox.client.session).send(text="")
    assert (empty.status_code, empty.body) == (400, "no_text")


async def test_bots_teams_and_uploads_refuse_what_they_do_not_know(sandbox, refusal):
    """bots.info finds bots; team.info wants a scope that the manifest lacks; bad uploads are refused."""
    assert (await sandbox.client.bots_info(bot="B0AIRFLOW"))["bot"]["name"] == "Airflow"
    assert (await refusal(sandbox.client.bots_info(bot="B0NONE")))[0] == "bot_not_found"
    assert (await refusal(sandbox.client.team_info()))[1]["needed"] == "team:read"
    upload = await sandbox.client.files_getUploadURLExternal(filename="a.txt", length=3)
    async with sandbox.client.session.post(upload["upload_url"], data=b"four") as response:
        assert (response.status, await response.text()) == (400, "length_mismatch")
    complete = sandbox.client.files_completeUploadExternal(files=[{"id": upload["file_id"]}])
    assert (await refusal(complete))[0] == "file_not_uploaded"


@pytest.mark.parametrize(
    ("path", "data", "status", "text"),
    [
        ("services/T0SANDBOX/B0NONE/C0ALERTS", b'{"text": "x"}', 404, "app_not_found"),
        ("services/T0SANDBOX/B0AIRFLOW/C0NONE", b'{"text": "x"}', 404, "channel_not_found"),
        ("services/T0SANDBOX/B0AIRFLOW/C0ALERTS", b"{", 400, "invalid_payload"),
        ("services/T0SANDBOX/B0AIRFLOW/C0ALERTS", b"[]", 400, "invalid_payload"),
        ("files/F0/none.png", None, 404, "file_not_found"),
    ],
)
async def test_bad_webhooks_and_files(sandbox, path, data, status, text):
    """A webhook or file that does not exist is 404, a body that cannot be read 400, each with its code."""
    verb = "POST" if data else "GET"
    headers = {"Content-Type": "application/json"}
    url = f"{sandbox.server.url}/{path}"
    async with sandbox.client.session.request(verb, url, data=data, headers=headers) as response:
        assert (response.status, await response.text()) == (status, text)


async def test_a_webhook_takes_the_old_form_too(sandbox):
    """A form field `payload` with JSON is read like a JSON body."""
    url = f"{sandbox.server.url}/services/T0SANDBOX/B0AIRFLOW/C0ALERTS"
    async with sandbox.client.session.post(url, data={"payload": '{"text": "old"}'}) as response:
        assert await response.text() == "ok"
    assert (await sandbox.act(sandbox.people.messages, "C0ALERTS"))[-1]["text"] == "old"
