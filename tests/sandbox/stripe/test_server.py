"""The stand-in over HTTP: keys, rights, pages, limits, as Stripe has them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox.stripe.ledger import Ledger, Payment
from bot.sandbox.stripe.part import EXTRACT_KEY, RUNBOOK_KEY
from bot.sandbox.stripe.server import Server


class Shop(Ledger):
    """Five payments, newest first, one a second; the third was refunded, the last failed."""

    def __init__(self, folder) -> None:
        super().__init__(folder, 0)
        self.read_count = 0

    def _read(self) -> list[Payment]:
        self.read_count += 1
        states = ("succeeded", "succeeded", "refunded", "succeeded", "failed")
        return [
            Payment(n, n, f"ch_{n}", "card", state, 1050, "EUR", f"2026-11-23 05:00:0{n}+00", "u", 1000 + n)
            for n, state in zip((5, 4, 3, 2, 1), states, strict=True)
        ]


@pytest.fixture
async def server(tmp_path) -> AsyncIterator[Server]:
    """A running stand-in on a free port."""
    made = Server(Shop(tmp_path), 0)
    await made.start()
    yield made
    await made.stop()


async def ask(server: Server, path: str, key: str = EXTRACT_KEY, **params: str | int) -> tuple[int, dict, dict]:
    """Status, headers and body of a GET."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{server.url}{path}", params=params, headers=headers) as answer,
    ):
        return answer.status, dict(answer.headers), await answer.json()


async def steer(server: Server, body: object) -> int:
    """The status of POST /control/limits."""
    async with aiohttp.ClientSession() as session, session.post(f"{server.url}/control/limits", json=body) as answer:
        return answer.status


async def test_pages_follow_each_other(server: Server) -> None:
    """Newest first, `starting_after` the last of the page before, read once for the whole listing."""
    _, _, first = await ask(server, "/v1/charges", limit=2)
    assert [one["id"] for one in first["data"]] == ["ch_5", "ch_4"]
    assert (first["has_more"], first["object"], first["url"]) == (True, "list", "/v1/charges")
    _, _, rest = await ask(server, "/v1/charges", limit=100, starting_after="ch_4")
    assert [one["id"] for one in rest["data"]] == ["ch_3", "ch_2", "ch_1"]
    assert rest["has_more"] is False


async def test_created_narrows_the_list(server: Server) -> None:
    """Both ends, with and without the end itself."""
    _, _, found = await ask(server, "/v1/charges", **{"created[gte]": 1002, "created[lt]": 1004})
    assert [one["id"] for one in found["data"]] == ["ch_3", "ch_2"]


async def test_a_payment_becomes_a_charge_and_an_intent(server: Server) -> None:
    """Amounts in cents; a refund and a failure are seen on the charge."""
    _, _, charges = await ask(server, "/v1/charges")
    refund, failed = charges["data"][2], charges["data"][4]
    assert (refund["amount"], refund["refunded"], refund["status"]) == (1050, True, "succeeded")
    assert (failed["paid"], failed["status"], failed["livemode"]) == (False, "failed", False)
    _, _, intents = await ask(server, "/v1/payment_intents", limit=1)
    assert intents["data"][0]["latest_charge"] == "ch_5"
    status, _, one = await ask(server, "/v1/charges/ch_3")
    assert (status, one["id"]) == (200, "ch_3")


async def test_keys_and_rights(server: Server) -> None:
    """The bot's key may read the balance only; a wrong key is named by its ends."""
    assert (await ask(server, "/v1/balance", RUNBOOK_KEY))[0] == 200
    assert (await ask(server, "/v1/charges", RUNBOOK_KEY))[0] == 403
    status, _, body = await ask(server, "/v1/balance", "rk_live_somebodyelse")
    assert (status, "somebody" in body["error"]["message"]) == (401, False)
    assert (await ask(server, "/v1/balance", ""))[0] == 401
    assert (await ask(server, "/v1/balance", "sk_live_sandboxall"))[2]["livemode"] is True


async def test_a_limited_request_is_told_as_stripe_tells_it(server: Server) -> None:
    """429, the reason, the wait, and a body with the code that Stripe's client understands."""
    assert await steer(server, {"mode": "test", "per_second": 0.1}) == 200
    assert (await ask(server, "/v1/charges"))[0] == 200
    status, headers, body = await ask(server, "/v1/charges")
    assert (status, headers["Stripe-Rate-Limited-Reason"], headers["Retry-After"]) == (429, "global-rate", "10")
    assert body["error"]["code"] == "rate_limit"
    assert headers["Request-Id"].startswith("req_")
    assert await steer(server, {"per_second": None}) == 200
    assert (await ask(server, "/v1/charges"))[0] == 200


@pytest.mark.parametrize("body", [{}, {"per_second": 0}, {"per_second": "x"}, {"mode": "prod", "per_second": 1}, []])
async def test_a_limit_that_is_none_is_refused(server: Server, body: object) -> None:
    """And changes nothing."""
    assert await steer(server, body) == 400
    assert server.limits.rate("test") == 25.0


@pytest.mark.parametrize(
    ("params", "status", "param"),
    [
        ({"limit": 101}, 400, "limit"),
        ({"limit": "many"}, 400, "limit"),
        ({"created[gte]": "-1"}, 400, "created[gte]"),
        ({"ending": 1}, 400, "ending"),
        ({"starting_after": "ch_none"}, 404, "starting_after"),
    ],
)
async def test_a_wrong_parameter_is_named(server: Server, params: dict[str, str], status: int, param: str) -> None:
    """As Stripe does, rather than passed over."""
    found, _, body = await ask(server, "/v1/charges", **params)
    assert (found, body["error"]["param"]) == (status, param)
