"""Calls Stripe through its own client: one try and a timeout for each call; every failure becomes ours."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from bot.alerts.redaction import redact
from bot.diagnostics.probe import Scope
from bot.errors import AccessDenied, IntegrationError, Unreachable
from bot.integrations.stripe.settings import Settings

SYSTEM = "stripe"


@dataclass(frozen=True, slots=True)
class Answer:
    """What Stripe said: 200 or 429, with its headers (names in lower case), and how long that took."""

    status: int
    latency_ms: float
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)


class StripeReader:
    """Reads at Stripe with one key. Thread-safe; imports Stripe's client at its first use."""

    def __init__(self, settings: Settings) -> None:
        self.kind, self.mode = settings.kind, settings.mode
        self._settings = settings
        self._lock = Lock()
        self._session: Any = None

    def read_balance(self, scope: Scope) -> Answer:
        """The cheapest read that there is: one object, no list. A 429 is an answer, anything else than 200 is ours."""
        import stripe

        transport = stripe.RequestsClient(timeout=scope.deadline_s, session=self._open_session())
        client = stripe.StripeClient(
            self._settings.key,
            base_addresses={"api": self._settings.base},
            http_client=transport,
            max_network_retries=0,
        )
        return self._ask(client.v1.balance.retrieve, scope)

    def close(self) -> None:
        """Close every idle connection."""
        with self._lock:
            if self._session is not None:
                self._session.close()
                self._session = None

    def _open_session(self) -> Any:
        import requests

        with self._lock:
            if self._session is None:
                self._session = requests.Session()
            return self._session

    def _ask(self, call: Callable[[], Any], scope: Scope) -> Answer:
        import stripe

        started = time.monotonic()
        try:
            found = call()
            return Answer(200, _since(started), _lower(found.last_response.headers), found.to_dict())
        except stripe.RateLimitError as limited:
            return Answer(429, _since(started), _lower(limited.headers), _error_of(limited))
        except stripe.APIConnectionError as error:
            raise self._unreachable(error, time.monotonic() - started, scope) from error
        except (stripe.AuthenticationError, stripe.PermissionError) as error:
            raise AccessDenied(SYSTEM, _said(error)) from error
        except stripe.StripeError as error:
            if error.http_status == 429:  # without the error object that Stripe sends: a proxy's limit, for example
                return Answer(429, _since(started), _lower(error.headers), _error_of(error))
            raise IntegrationError(
                SYSTEM, f"answered {error.http_status or 'nothing usable'}: {_said(error)}"
            ) from error
        except AttributeError as error:  # Stripe's client takes the shape of an answer for granted
            raise IntegrationError(SYSTEM, "something answered that is not Stripe") from error

    def _unreachable(self, error: Exception, waited_s: float, scope: Scope) -> Unreachable:
        text = str(error)
        if waited_s >= scope.deadline_s * 0.95 or "imed out" in text:
            return Unreachable(SYSTEM, f"did not answer within {scope.deadline_s:g} s")
        if "refused" in text:
            return Unreachable(SYSTEM, f"connection refused by {self._settings.address}")
        if "resolve" in text:
            return Unreachable(SYSTEM, f"the host of {self._settings.address} is not known")
        return Unreachable(SYSTEM, f"the connection to {self._settings.address} broke")


def _since(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 1)


def _lower(headers: Mapping[str, str] | None) -> dict[str, str]:
    return {name.lower(): str(value) for name, value in (headers or {}).items()}


def _error_of(limited: Any) -> Mapping[str, Any]:
    body = limited.json_body if isinstance(limited.json_body, dict) else {}
    error = body.get("error")
    return error if isinstance(error, dict) else {}


def _said(error: Any) -> str:
    """Stripe's own sentence; it masks keys itself, and we redact what it forgets."""
    return redact(" ".join(str(error.user_message or error).split()))[:300]
