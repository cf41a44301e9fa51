"""Stage 5: what a derivation is: a finding made of other findings, so that integrations need not know each other."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

Arguments = TypeVar("Arguments")
Facts = TypeVar("Facts")
DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Derivation(Generic[Arguments, Facts]):
    """One thing that can be worked out from what was read.

    A playbook names it like a probe (`derived.noun`) and hands it other findings as arguments. `derive` is pure and
    quick: it gets the arguments (validated as a probe's are) and the time, and reads nothing.
    """

    name: str
    summary: str
    arguments: type[Arguments]
    facts: type[Facts]
    derive: Callable[[Arguments, datetime], Facts]
    typical: Facts
    empty: Facts


AnyDerivation = Derivation[Any, Any]
