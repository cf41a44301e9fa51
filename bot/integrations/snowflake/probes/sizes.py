"""What a warehouse's compute costs, to turn time into credits."""

from typing import Any

from bot.integrations.snowflake.probes.rows import words

CREDITS_PER_HOUR = {
    "XSMALL": 1.0,
    "SMALL": 2.0,
    "MEDIUM": 4.0,
    "LARGE": 8.0,
    "XLARGE": 16.0,
    "2XLARGE": 32.0,
    "3XLARGE": 64.0,
    "4XLARGE": 128.0,
    "5XLARGE": 256.0,
    "6XLARGE": 512.0,
}
"""Documented (consumption table, standard warehouses). Snowflake writes sizes with and without a hyphen."""


def credits_of(size: Any, elapsed_s: float) -> float:
    """Credits that a warehouse of that size uses in the time: a query alone on it; an estimate where several share it.

    0.0 for a size that is not known (Snowpark-optimised, a statement without a warehouse).
    """
    name = words(size).upper().replace("-", "").replace("X2LARGE", "2XLARGE")
    return round(CREDITS_PER_HOUR.get(name, 0.0) * elapsed_s / 3600, 2)
