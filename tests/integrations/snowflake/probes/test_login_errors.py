"""What the numbers of refused logins mean: each known one its own, a range, and those that nobody explained."""

import pytest

from bot.integrations.snowflake.probes.login_errors import LoginError, explain


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (390100, "password"),
        (390101, "disabled"),
        (390102, "locked"),
        (390144, "key"),
        (390189, "role"),
        (390318, "token"),
        (390422, "address"),
        (394304, "key"),
        (390133, "federated"),
        (390139, "federated"),
    ],
)
def test_a_known_number_says_how_it_is_mended(code: int, kind: str) -> None:
    """Whatever name Snowflake logs beside it."""
    told = explain(code, "SOME_NAME")
    assert told.kind == kind
    assert told.meaning
    assert told.advice


@pytest.mark.parametrize(
    ("code", "kind"), [(390164, "other"), (390165, "federated"), (390184, "federated"), (390185, "other")]
)
def test_the_identity_providers_numbers_are_a_range(code: int, kind: str) -> None:
    """Both ends count."""
    assert explain(code).kind == kind


@pytest.mark.parametrize(
    ("name", "meaning"), [("A_NEW_REASON", "a new reason"), ("", "error 399999"), ("Already words", "already words")]
)
def test_a_number_that_nobody_explained_has_its_own_name_and_no_advice(name: str, meaning: str) -> None:
    """A guess would send somebody the wrong way."""
    assert explain(399999, name) == LoginError("other", meaning, "")
