"""What every derivation keeps, whatever it works out."""

import pytest
from pydantic import TypeAdapter

from bot.diagnostics.derivation import AnyDerivation
from bot.diagnostics.derivations import DERIVATIONS


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda one: one.name)
def test_facts_survive_being_kept(derivation: AnyDerivation) -> None:
    """A derived finding is stored as JSON and comes back the same, for the card is drawn from what is stored."""
    assert derivation.name.startswith("derived.")
    adapter = TypeAdapter(derivation.facts)
    for facts in (derivation.typical, derivation.empty):
        assert adapter.validate_json(adapter.dump_json(facts)) == facts
