"""What named variables are set to; never all of them, and never one that may be a secret."""

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import AccessDenied, EntityError
from bot.integrations.airflow.probes.variables import (
    HIDDEN,
    LONGEST,
    VariablesArguments,
    is_secret,
    read_variables,
    variables_from,
)
from tests.integrations.airflow.builders import GONE, airflow


@pytest.mark.parametrize(
    "name",
    [
        "stripe_api_key",
        "STRIPE_APIKEY",
        "db_password",
        "smtp_passwd",
        "slack.token",
        "client_secret",
        "private_pem",
        "aws_credentials",
        "s3_access_key",
        "signing_key",
        "github_pat",
        "oauth_x",
        "postgres_conn",
    ],
)
def test_a_name_that_speaks_of_a_secret_hides_its_value(name: str) -> None:
    """Whatever the value looks like."""
    assert is_secret(name)
    [told] = variables_from([name], [{"value": "hunter2"}]).variables
    assert (told.value, told.is_set, told.is_hidden) == (HIDDEN, True, True)


@pytest.mark.parametrize("name", ["stripe_batch_size", "keyboard", "patience", "monkey_count", "pattern"])
def test_an_ordinary_name_does_not(name: str) -> None:
    """Letters in the middle of a word are no secret."""
    assert not is_secret(name)


def test_an_unset_secret_is_told_as_unset() -> None:
    """There is nothing to hide."""
    found = variables_from(["api_key", "size"], [None, {"value": None}])
    assert (found.unset, found.by_name) == (("api_key",), {"api_key": "", "size": ""})
    assert not found.variables[0].is_hidden


def test_a_value_is_short_and_without_secrets() -> None:
    """JSON with a password in it, under a harmless name."""
    found = variables_from(["settings"], [{"value": '{"password": "hunter2"} ' + "x" * 900}])
    assert found.by_name["settings"].startswith('{"password": "•••"} xxx')
    assert len(found.by_name["settings"]) == LONGEST


def test_each_name_is_asked_for_alone_and_one_that_is_missing_is_not_set(scope: Scope) -> None:
    """In the order asked for; "" counts for nothing."""
    client = airflow(get_variable=lambda variable_key: GONE if variable_key == "b" else {"value": variable_key})
    found = read_variables(client, VariablesArguments(("a", " ", "b")), scope)
    assert found.by_name == {"a": "a", "b": ""}
    assert [one.arguments["variable_key"] for one in client.asked] == ["a", "b"]


def test_no_right_to_look_is_not_unset(scope: Scope) -> None:
    """Nor is a name that would mean all of them."""
    with pytest.raises(AccessDenied):
        read_variables(airflow(get_variable=(403, {"detail": "Forbidden"})), VariablesArguments(("a",)), scope)
    with pytest.raises(EntityError, match="is not the id of a variable"):
        read_variables(airflow(), VariablesArguments(("~",)), scope)
