"""Every error of the bot's own, so that each edge can say what happened, where, and what to do.

RunbookError
├── SettingsError            the environment or platform.yml is wrong
├── PlaybookError            a playbook or its cases are wrong, with file and line
├── IntegrationError         a system could not be read or changed, with the system's own reason
│   ├── NotConnected         no settings for that system: absent, not broken
│   ├── Unreachable          no answer in time, refused, or the connection broke
│   ├── AccessDenied         the system knows us and says no (login, role, scope)
│   ├── NotFound             the thing asked for does not exist there
│   └── Refused              the system will say the same again: asking once more is of no use until somebody mends it
├── EntityError              a value from an alert or a person is not what its type allows
├── RemedyRefused            a remedy may not be planned, approved or run; the message is for the clicker
│   ├── NotAllowed           this person may not approve this plan
│   ├── PlanExpired          the plan was offered too long ago
│   ├── PlanVoid             the state changed since the plan was made
│   └── PlanSettled          the plan was decided already
└── UnknownName              a playbook, probe, DAG … that nobody knows, with what it may have meant
"""

from collections.abc import Iterable
from difflib import get_close_matches


class RunbookError(Exception):
    """Something the bot can explain: its text is safe to show to a person in Slack or a terminal."""


class SettingsError(RunbookError):
    """The environment or platform.yml is wrong; the message names the setting and what it should hold."""


class PlaybookError(RunbookError):
    """A playbook cannot be used; the message starts with `file:line:`."""

    def __init__(self, message: str, *, path: str = "", line: int = 0) -> None:
        self.path = path
        self.line = line
        super().__init__(f"{path}:{line}: {message}" if path else message)


class IntegrationError(RunbookError):
    """A system could not be read or changed. `reason` is one plain sentence, already redacted."""

    def __init__(self, system: str, reason: str) -> None:
        self.system = system
        self.reason = reason
        super().__init__(f"{system}: {reason}")


class NotConnected(IntegrationError):
    """There are no settings for this system, so it is absent; nothing is broken."""

    def __init__(self, system: str) -> None:
        super().__init__(system, "not connected")


class Unreachable(IntegrationError):
    """The system did not answer in time, refused the connection, or dropped it."""


class AccessDenied(IntegrationError):
    """The system answered and refused: login, role, grant or scope."""


class NotFound(IntegrationError):
    """The system answered that the thing asked for does not exist."""


class Refused(IntegrationError):
    """The system answered no, and will answer the same again: retrying is of no use until a person changes something.

    Some are AccessDenied or NotFound as well.
    """


class EntityError(RunbookError):
    """A value is not what its entity type allows, so it never reaches a probe or remedy."""


class RemedyRefused(RunbookError):
    """A remedy may not be planned, approved or run. The message tells the clicker why, privately."""


class NotAllowed(RemedyRefused):
    """This person may not approve this plan."""


class PlanExpired(RemedyRefused):
    """The plan was made too long ago to be approved."""


class PlanVoid(RemedyRefused):
    """The state that the plan was made for has changed; a new plan is needed."""


class PlanSettled(RemedyRefused):
    """The plan was approved, declined or run already."""


class UnknownName(RunbookError):
    """Nobody knows this name; says what it may have meant."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind = kind
        self.name = name
        self.known = tuple(sorted(known))
        folded = {one.lower(): one for one in self.known}
        self.suggestions = tuple(folded[one] for one in get_close_matches(name.lower(), folded, n=3, cutoff=0.55))
        hint = f" Did you mean {' or '.join(self.suggestions)}?" if self.suggestions else ""
        super().__init__(f"There is no {kind} `{name}`.{hint}")
