"""The real slack-bolt, driven by people: clicks, commands, shortcuts, home, response_url."""

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox.slack.control import ControlRefused

BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}, "value": "42"}


ACTIONS = [{"type": "actions", "block_id": "row", "elements": [BUTTON]}]


@pytest.fixture
async def card(sandbox):
    """The ts of a bot message with one button."""
    return (await sandbox.client.chat_postMessage(channel="C0ALERTS", text="card", blocks=ACTIONS))["ts"]


async def test_a_click_carries_the_button_and_its_message(sandbox, bolt, connect, card):
    """block_actions holds the action with its value, the message, the container and who clicked."""
    app, bodies = bolt(sandbox), []

    @app.action("go")
    async def on_go(ack, body):
        await ack()
        bodies.append(body)

    await connect(sandbox, app)
    result = await sandbox.act(sandbox.people.click, "nadia", "C0ALERTS", card, "go")
    assert result.acked
    await sandbox.see(lambda: bodies)
    assert bodies[0]["actions"][0] | {"value": "42", "block_id": "row"} == bodies[0]["actions"][0]
    assert bodies[0]["user"]["id"] == "U0ONCALL"
    assert bodies[0]["container"]["message_ts"] == bodies[0]["message"]["ts"] == card


async def test_a_click_on_what_is_not_shown_is_refused(sandbox, card):
    """Nobody can click a button that the message does not show."""
    with pytest.raises(ControlRefused, match=r"element_not_found.*go"):
        await sandbox.act(sandbox.people.click, "nadia", "C0ALERTS", card, "stop")


async def test_an_unacked_click_is_recorded_as_a_failure(start, bolt, connect):
    """Without an ack the person sees operation_timeout, and the journal keeps it."""
    sandbox = await start(ack_within=0.3)
    card = (await sandbox.client.chat_postMessage(channel="C0ALERTS", text="card", blocks=ACTIONS))["ts"]
    await connect(sandbox, bolt(sandbox))
    result = await sandbox.act(sandbox.people.click, "nadia", "C0ALERTS", card, "go")
    assert (result.acked, result.error) == (False, "operation_timeout")
    delivery = sandbox.server.standin.journal.deliveries("block_actions")[0]
    assert (delivery["outcome"], delivery["attempts"]) == ("operation_timeout", 1)


async def test_a_command_answers_privately(sandbox, bolt, connect):
    """The text in a command's ack is shown to the caller only."""
    app = bolt(sandbox)

    @app.command("/runbook")
    async def on_command(ack, command):
        await ack(f"looking up {command['text']} for {command['user_name']}")

    await connect(sandbox, app)
    assert (await sandbox.act(sandbox.people.command, "lee", "C0ENG", "/runbook", "freshness")).acked
    shown = await sandbox.act(sandbox.people.ephemerals, "lee")
    assert shown[0]["text"] == "looking up freshness for lee"
    assert await sandbox.act(sandbox.people.ephemerals, "sam") == []


async def test_an_unknown_command_is_refused(sandbox):
    """Only the manifest's commands can be typed."""
    with pytest.raises(ControlRefused, match="unknown_command"):
        await sandbox.act(sandbox.people.command, "lee", "C0ENG", "/other")


async def test_a_shortcut_carries_the_message(sandbox, bolt, connect):
    """A message shortcut brings the whole message and its ts."""
    app, bodies = bolt(sandbox), []

    @app.shortcut("run_playbook")
    async def on_shortcut(ack, body):
        await ack()
        bodies.append(body)

    await connect(sandbox, app)
    ts = await sandbox.act(sandbox.people.say, "C0ALERTS", "read me", app="airflow")
    assert (await sandbox.act(sandbox.people.shortcut, "nadia", "C0ALERTS", ts, "run_playbook")).acked
    await sandbox.see(lambda: bodies)
    assert (bodies[0]["message"]["text"], bodies[0]["message_ts"]) == ("read me", ts)


async def test_home_is_opened_and_published(sandbox, bolt, connect):
    """app_home_opened reaches the app, and views.publish is what the person then sees."""
    app = bolt(sandbox)
    home = {"type": "home", "blocks": [{"type": "divider"}]}

    @app.event("app_home_opened")
    async def on_home(event, client):
        await client.views_publish(user_id=event["user"], view=home)

    await connect(sandbox, app)
    assert await sandbox.act(sandbox.people.home, "nadia") is None
    view = await sandbox.see(lambda: sandbox.people.home_view("nadia"))
    assert (view["type"], view["blocks"][0]["type"]) == ("home", "divider")


async def test_a_response_url_works_five_times(sandbox, bolt, connect, card):
    """The sixth use of a response_url answers 404 used_url."""
    app, urls = bolt(sandbox), []

    @app.action("go")
    async def on_go(ack, body):
        await ack()
        urls.append(body["response_url"])

    await connect(sandbox, app)
    await sandbox.act(sandbox.people.click, "nadia", "C0ALERTS", card, "go")
    await sandbox.see(lambda: urls)
    hook = AsyncWebhookClient(urls[0], session=sandbox.client.session)
    statuses = [(await hook.send(text=f"n {n}")).status_code for n in range(6)]
    assert statuses == [200] * 5 + [404]
    assert len(await sandbox.act(sandbox.people.ephemerals, "nadia")) == 5


async def test_a_response_url_dies_of_age(start, bolt, connect):
    """After its lifetime a response_url answers 404 expired_url."""
    sandbox = await start(response_url_lives=0.0)
    secret = sandbox.server.standin.hooks.issue(sandbox.server.standin.bot, "C0ALERTS", "U0ONCALL", now=0.0)
    hook = AsyncWebhookClient(f"{sandbox.server.url}/actions/T0SANDBOX/1/{secret}", session=sandbox.client.session)
    answer = await hook.send(text="late")
    assert (answer.status_code, "expired_url" in answer.body) == (404, True)


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ({"text": "new", "replace_original": True}, ["new"]),
        ({"delete_original": True}, []),
        ({"text": "said", "response_type": "in_channel"}, ["card", "said"]),
        ({"text": "whispered"}, ["card"]),
    ],
)
async def test_a_response_url_replaces_deletes_or_adds(sandbox, card, body, texts):
    """replace_original, delete_original and response_type decide what becomes of the channel."""
    standin = sandbox.server.standin
    message = standin.workspace.channel("C0ALERTS").find(card)
    secret = standin.hooks.issue(standin.bot, "C0ALERTS", "U0ONCALL", now=0.0, message=message)
    standin.hooks.respond(secret, body, now=1.0)
    assert [one["text"] for one in await sandbox.act(sandbox.people.messages, "C0ALERTS")] == texts


SELECTS = [
    ({"type": "static_select", "options": [{"text": {"type": "plain_text", "text": "A"}, "value": "a"}]}, "a"),
    ({"type": "users_select"}, "U0LEAD"),
    ({"type": "multi_channels_select"}, ["C0ENG"]),
    ({"type": "datepicker"}, "2026-11-23"),
    ({"type": "checkboxes", "options": [{"text": {"type": "plain_text", "text": "A"}, "value": "a"}]}, ["a"]),
]


@pytest.mark.parametrize(("element", "value"), SELECTS, ids=[element["type"] for element, _ in SELECTS])
async def test_choosing_is_an_action_with_its_value(sandbox, bolt, connect, element, value):
    """A choice reaches bolt in `actions` and in `state`, in the form of its element."""
    app, bodies = bolt(sandbox), []

    @app.action("choose")
    async def on_choose(ack, body):
        await ack()
        bodies.append(body)

    await connect(sandbox, app)
    block = {"type": "actions", "block_id": "row", "elements": [{**element, "action_id": "choose"}]}
    ts = (await sandbox.client.chat_postMessage(channel="C0ENG", text="x", blocks=[block]))["ts"]
    assert (await sandbox.act(sandbox.people.click, "lee", "C0ENG", ts, "choose", value=value)).acked
    await sandbox.see(lambda: bodies)
    made, held = bodies[0]["actions"][0], bodies[0]["state"]["values"]["row"]["choose"]
    assert {name: made[name] for name in held} == held
    assert "a" in str(held) or value in held.values()


async def test_a_button_of_an_ephemeral_can_be_clicked_by_its_reader(sandbox, bolt, connect):
    """The reader's click carries no message (as in Slack), and replace_original changes the ephemeral."""
    app, bodies = bolt(sandbox), []

    @app.action("go")
    async def on_go(ack, body, respond):
        await ack()
        bodies.append(body)
        await respond(text="gone", replace_original=True)

    await connect(sandbox, app)
    shown = await sandbox.client.chat_postEphemeral(channel="C0ENG", user="U0LEAD", text="x", blocks=ACTIONS)
    ts = shown["message_ts"]
    with pytest.raises(ControlRefused, match="message_not_found"):
        await sandbox.act(sandbox.people.click, "sam", "C0ENG", ts, "go")
    assert (await sandbox.act(sandbox.people.click, "lee", "C0ENG", ts, "go")).acked
    await sandbox.see(lambda: sandbox.people.ephemerals("lee")[0]["text"] == "gone")
    assert ("message" in bodies[0], bodies[0]["container"]["is_ephemeral"]) == (False, True)
