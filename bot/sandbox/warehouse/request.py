"""One call of the query route, as the road of a statement needs it."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.warehouse.sessions import Session


@dataclass(frozen=True, slots=True)
class Request:
    """The text and everything that came with it."""

    text: str
    bindings: dict[str, Any] | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    request_id: str | None = None
    query_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    base_url: str = ""  # how the client reaches this server, with a slash at the end
    own_lane: bool = False  # an asynchronous statement does not wait for the session's others
    describe_only: bool = False
    recorded: bool = True

    def parameter(self, name: str, session: Session) -> Any:
        """The statement's own value of a parameter, or its session's."""
        return self.parameters.get(name, session.parameter(name))
