"""Stage 6: the scale of a chart: a few round numbers from zero to above everything that is drawn. Pure."""

import math

_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


def round_steps(top: float) -> tuple[float, ...]:
    """Zero and three to five round numbers evenly apart; the last is at least `top`, which is above zero."""
    rough = top / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in _ROUND if power * factor >= rough * (1 - 1e-9))
    return tuple(step * at for at in range(math.ceil(top / step - 1e-9) + 1))
