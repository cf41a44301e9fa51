"""What a warehouse's compute costs."""

import pytest

from bot.integrations.snowflake.probes.sizes import credits_of


@pytest.mark.parametrize(
    ("size", "an_hour"),
    [
        ("X-Small", 1.0),
        ("XSMALL", 1.0),
        ("small", 2.0),
        ("Medium", 4.0),
        ("Large", 8.0),
        ("X-Large", 16.0),
        ("2X-Large", 32.0),
        ("X2Large", 32.0),
        ("3XLARGE", 64.0),
        ("6X-Large", 512.0),
        ("Snowpark-optimized", 0.0),
        ("null", 0.0),
        (None, 0.0),
    ],
)
def test_each_size_costs_twice_the_one_before(size: str | None, an_hour: float) -> None:
    """However it is written; one that is not known costs nothing rather than something made up."""
    assert credits_of(size, 3600.0) == an_hour
    assert credits_of(size, 0.0) == 0.0


def test_a_part_of_an_hour_costs_its_part() -> None:
    """To a hundredth of a credit."""
    assert credits_of("Small", 100.0) == 0.06
