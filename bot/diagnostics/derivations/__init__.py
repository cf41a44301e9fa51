"""Stage 5: everything that is worked out from other findings."""

from bot.diagnostics.derivation import AnyDerivation
from bot.diagnostics.derivations.column_changes import COLUMN_CHANGES
from bot.diagnostics.derivations.dbt_failure import DBT_FAILURE
from bot.diagnostics.derivations.dbt_test_cause import DBT_TEST_CAUSE
from bot.diagnostics.derivations.feed import FEED
from bot.diagnostics.derivations.login_cause import LOGIN_CAUSE
from bot.diagnostics.derivations.missing_grants import MISSING_GRANTS
from bot.diagnostics.derivations.rate_limits import RATE_LIMITS
from bot.diagnostics.derivations.spend_forecast import SPEND_FORECAST
from bot.diagnostics.derivations.spend_verdict import SPEND_VERDICT
from bot.diagnostics.derivations.staleness_cause import STALENESS_CAUSE
from bot.diagnostics.derivations.timeout_cause import TIMEOUT_CAUSE

DERIVATIONS: tuple[AnyDerivation, ...] = (
    FEED,
    COLUMN_CHANGES,
    RATE_LIMITS,
    DBT_FAILURE,
    DBT_TEST_CAUSE,
    MISSING_GRANTS,
    SPEND_VERDICT,
    SPEND_FORECAST,
    STALENESS_CAUSE,
    TIMEOUT_CAUSE,
    LOGIN_CAUSE,
)
