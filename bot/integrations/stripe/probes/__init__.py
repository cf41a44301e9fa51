"""What can be read at Stripe, beside stage 5: calls, their answers, the facts made of them."""

from bot.diagnostics.probe import AnyProbe
from bot.integrations.stripe.probes.status import STATUS

PROBES: tuple[AnyProbe, ...] = (STATUS,)
