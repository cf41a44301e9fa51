"""The desk keeps its promises to the flow whatever Slack answers."""

from typing import Any

import pytest

from bot.errors import AccessDenied, Unreachable
from bot.flow.ports import Mood
from bot.slack.cards import CARD_EVENT, Cards
from bot.slack.desk import SlackDesk
from bot.slack.edge import Edge
from bot.slack.gallery import Gallery
from bot.slack.methods import Method
from bot.slack.outbox import Outbox
from bot.slack.refusals import SlackDenied, SlackMissing, SlackRefused


@pytest.fixture
def desk(slack: Any, time: Any) -> SlackDesk:
    """A desk on a Slack without a wire."""

    async def no_upload(*_: Any) -> str:
        raise AssertionError("no card here has a chart")

    outbox = Outbox(slack, time)
    return SlackDesk(outbox, Cards(outbox, "U0RUNBOOK", Gallery(no_upload, no_upload), Edge(), time))  # type: ignore[arg-type]


async def test_card_goes_into_the_thread_and_carries_its_incident(desk: SlackDesk, slack: Any, make: Any) -> None:
    """A first card is posted under the alert, unfurls nothing, and can be recognised."""
    ts = await desk.show(make.card(card_ts=""))
    (posted,) = slack.sent(Method.POST)
    assert (posted["channel"], posted["thread_ts"], posted["unfurl_links"]) == ("C0ALERTS", "1.1", False)
    assert posted["metadata"] == {"event_type": CARD_EVENT, "event_payload": {"incident": "inc-7"}}
    assert ts == "9.1"


async def test_card_that_stands_is_edited(desk: SlackDesk, slack: Any, make: Any) -> None:
    """A known card is edited in place and keeps its ts."""
    assert await desk.show(make.card()) == "1.2"
    assert [method for method, _ in slack.calls] == [Method.UPDATE]


async def test_card_that_somebody_deleted_is_posted_anew(desk: SlackDesk, slack: Any, make: Any) -> None:
    """The thread gets its card back, under a new ts."""
    slack.scripts[Method.UPDATE] = [SlackMissing("message_not_found", "gone")]
    assert await desk.show(make.card()) == "9.2"


async def test_refused_blocks_fall_back_to_text(desk: SlackDesk, slack: Any, make: Any) -> None:
    """A card that Slack does not take is shown as text, never not at all."""
    slack.scripts[Method.UPDATE] = [SlackRefused("invalid_blocks", "no")]
    await desk.show(make.card())
    last = slack.sent(Method.UPDATE)[-1]
    assert last["blocks"] == []
    assert "Which monitor suspended it?" in last["text"]


async def test_other_refusals_reach_the_flow(desk: SlackDesk, slack: Any, make: Any) -> None:
    """What the desk cannot mend is an error with its reason."""
    slack.scripts[Method.POST] = [SlackDenied("not_in_channel", "invite it")]
    with pytest.raises(AccessDenied, match="invite it"):
        await desk.show(make.card(card_ts=""))


def thread(*messages: dict[str, Any]) -> dict[str, Any]:
    """An answer of conversations.replies."""
    return {"ok": True, "messages": list(messages)}


CARD = {
    "user": "U0RUNBOOK",
    "ts": "1.5",
    "metadata": {"event_type": CARD_EVENT, "event_payload": {"incident": "inc-7"}},
}


async def test_lost_answer_does_not_make_a_second_card(desk: SlackDesk, slack: Any, make: Any) -> None:
    """When the answer to a post was lost, the thread is looked at before posting again."""
    slack.scripts[Method.POST] = [Unreachable("Slack", "no answer")]
    slack.scripts[Method.REPLIES] = [thread(CARD)]
    assert await desk.show(make.card(card_ts="")) == "1.5"
    assert len(slack.sent(Method.POST)) == 1


async def test_post_that_did_not_arrive_is_repeated(desk: SlackDesk, slack: Any, make: Any) -> None:
    """When it is not in the thread, it is posted again."""
    slack.scripts[Method.POST] = [Unreachable("Slack", "no answer"), {"ok": True, "ts": "1.6"}]
    slack.scripts[Method.REPLIES] = [thread()]
    assert await desk.show(make.card(card_ts="")) == "1.6"


async def test_find_takes_only_its_own_card_of_this_incident(desk: SlackDesk, slack: Any, make: Any) -> None:
    """Other people's messages, other incidents' cards and plain replies are passed over; the block id is enough."""
    forged = {**CARD, "user": "U0BYSTANDER"}
    other = {
        "user": "U0RUNBOOK",
        "ts": "1.3",
        "metadata": {"event_type": CARD_EVENT, "event_payload": {"incident": "x"}},
    }
    bare = {"user": "U0RUNBOOK", "ts": "1.7", "blocks": [{"block_id": "card:inc-7"}]}
    slack.scripts[Method.REPLIES] = [thread(forged, other, {"user": "U0RUNBOOK", "ts": "1.4"}), thread(bare)]
    assert await desk.find(make.incident()) == ""
    assert await desk.find(make.incident()) == "1.7"


def reactions(slack: Any) -> list[str]:
    """What was put on (+) and taken off (-), in order."""
    signs = {Method.REACT: "+", Method.UNREACT: "-"}
    return [f"{signs[method]}{payload['name']}" for method, payload in slack.calls]


async def test_mood_is_swapped(desk: SlackDesk, slack: Any) -> None:
    """The new reaction comes before the old one goes; the same mood again costs nothing."""
    for mood in (Mood.LOOKING, Mood.LOOKING, Mood.ACKNOWLEDGED, Mood.RESOLVED):
        await desk.mark("C1", "1.1", mood)
    assert reactions(slack) == ["+eyes", "+raised_hand", "-eyes", "+white_check_mark", "-raised_hand"]


async def test_mood_after_a_restart_removes_whatever_was_there(desk: SlackDesk, slack: Any) -> None:
    """A bot that does not remember takes every other mood off; those that are not there are no error."""
    slack.scripts[Method.UNREACT] = lambda _: SlackRefused("no_reaction", "none")
    slack.scripts[Method.REACT] = [SlackRefused("already_reacted", "there")]
    await desk.mark("C1", "1.1", Mood.REMEDYING)
    assert reactions(slack) == ["+wrench", "-eyes", "-raised_hand", "-white_check_mark"]


async def test_mood_of_a_deleted_alert_is_no_error(desk: SlackDesk, slack: Any) -> None:
    """An alert that is gone needs no reaction; a missing scope is an error."""
    slack.scripts[Method.REACT] = [SlackMissing("message_not_found", "gone"), SlackDenied("missing_scope", "scope")]
    await desk.mark("C1", "1.1", Mood.RESOLVED)
    with pytest.raises(AccessDenied):
        await desk.mark("C1", "1.1", Mood.RESOLVED)


async def test_words_for_one_person_are_escaped(desk: SlackDesk, slack: Any) -> None:
    """Only that person sees it, in the thread, as text; a single person may be named."""
    await desk.tell("U0LEAD", "C1", "1.1", "ask <@U0ONCALL> about <!channel>")
    await desk.tell("U0LEAD", "C1", "", "no thread")
    first, second = slack.sent(Method.EPHEMERAL)
    said = "ask <@U0ONCALL> about &lt;!channel&gt;"
    assert first == {"channel": "C1", "user": "U0LEAD", "text": said, "thread_ts": "1.1"}
    assert "thread_ts" not in second


async def test_case_gets_a_thread(desk: SlackDesk, slack: Any) -> None:
    """A headline is a plain message; its ts heads the case's thread."""
    assert await desk.open_thread("C1", "Runbook: <!here>") == "9.1"
    assert slack.sent(Method.POST)[0]["text"] == "Runbook: &lt;!here&gt;"
