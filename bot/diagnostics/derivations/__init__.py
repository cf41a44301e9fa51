"""Stage 5: everything that is worked out from other findings."""

from bot.diagnostics.derivation import AnyDerivation
from bot.diagnostics.derivations.column_changes import COLUMN_CHANGES
from bot.diagnostics.derivations.dbt_failure import DBT_FAILURE
from bot.diagnostics.derivations.dbt_test_cause import DBT_TEST_CAUSE
from bot.diagnostics.derivations.feed import FEED
from bot.diagnostics.derivations.missing_grants import MISSING_GRANTS
from bot.diagnostics.derivations.rate_limits import RATE_LIMITS

DERIVATIONS: tuple[AnyDerivation, ...] = (
    FEED,
    COLUMN_CHANGES,
    RATE_LIMITS,
    DBT_FAILURE,
    DBT_TEST_CAUSE,
    MISSING_GRANTS,
)
