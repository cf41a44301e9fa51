"""Break `stripe-429`: a backfill elsewhere uses up the account's requests, so the extraction meets 429s."""

from __future__ import annotations

import httpx

from bot.sandbox.airflow.configuration import VARIABLES
from bot.sandbox.breaks.incident import Break
from bot.sandbox.breaks.launch import launch_run
from bot.sandbox.breaks.running import TIMEOUT, Running
from bot.sandbox.errors import SandboxError

LEFT_PER_SECOND = 0.1
"""What is left of the 25 requests a second: one page, and then a wait longer than the extraction's patience."""


def cause(running: Running) -> None:
    """Leave hardly a request to the extraction, then run the DAG into the limit."""
    limit_stripe(running, LEFT_PER_SECOND)
    running.tell(f"Stripe allows this account {LEFT_PER_SECOND:g} requests a second in test mode")
    launch_run(running, "stripe-429", "its extract_stripe_payments will meet 429s")


def mend(running: Running) -> None:
    """Allow what Stripe documents again, and put the extraction's settings back where the sandbox starts."""
    limit_stripe(running, None)
    with running.airflow() as airflow:
        for name, value in VARIABLES.items():
            airflow.set_variable(name, value)
    running.tell("Stripe allows 25 requests a second again; stripe_batch_size and stripe_requests_per_second are reset")


def limit_stripe(running: Running, per_second: float | None) -> None:
    """Steer the stand-in's limit of test mode."""
    url = f"{running.part('stripe')['url']}/control/limits"
    body = {"mode": "test", "per_second": per_second}
    answer = httpx.post(url, json=body, timeout=TIMEOUT, trust_env=False)
    if answer.is_error:
        raise SandboxError(f"the Stripe stand-in refused {body}: {answer.text}")


BREAK = Break(
    name="stripe-429",
    title="a backfill uses up Stripe's rate limit: extract_stripe_payments meets 429s",
    needs=("stripe", "airflow"),
    cause=cause,
    mend=mend,
)
