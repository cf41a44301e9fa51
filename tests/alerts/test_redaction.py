"""Secrets of real shapes never leave; everything else does, to the letter."""

import base64
import time
from dataclasses import dataclass

import pytest

from bot.alerts.redaction import HIDDEN, redact, redact_within

# Built from pieces, so that no scanner takes this file for a leak.
JWT = ".".join(
    base64.urlsafe_b64encode(part).decode().rstrip("=")
    for part in (b'{"alg":"HS256","typ":"JWT"}', b'{"sub":"SVC_RUNBOOK"}', b"signature-bytes")
)
STRIPE = "sk" + "_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
PEM = "-----BEGIN " + "PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nabc+/=\n-----END " + "PRIVATE KEY-----"
AWS = "AKIA" + "IOSFODNN7EXAMPLE"
SLACK = "xoxb" + "-123456789012-abcdefGHIJ"

SECRETS = {
    "url": ("postgresql://loader:s3cr3t@db.example.com:5432/shop", "s3cr3t"),
    "url with an at sign in the password": ("postgres://loader:p@ss:w/rd@db:5432/shop", "p@ss:w/rd"),
    "sqlalchemy url": ("mysql+pymysql://root:hunter2@10.0.0.7/x?charset=utf8", "hunter2"),
    "redis without a user": ("redis://:topsecret@cache:6379/0", "topsecret"),
    "label of two words": ("*API Key:* s3cr3t", "s3cr3t"),
    "libpq settings": ("host=db user=loader password=s3cr3t dbname=shop", "s3cr3t"),
    "libpq quoted": (r"host=db password='it\'s s3cr3t' dbname=shop", "s3cr3t"),
    "json": ('{"user": "a", "password": "s3cr3t", "port": 5}', "s3cr3t"),
    "yaml": ("snowflake:\n  private_key_passphrase: s3cr3t\n", "s3cr3t"),
    "environment": ("SNOWFLAKE_PASSWORD=s3cr3t dbt run", "s3cr3t"),
    "python call": ("connect(user='u', password='s3cr3t', account='x')", "s3cr3t"),
    "sql": ("ALTER ROLE loader WITH PASSWORD 's3cr''et' LOGIN", "s3cr"),
    "stage credentials": ("COPY INTO x CREDENTIALS=(AWS_KEY_ID='A' AWS_SECRET_KEY='s3cr3t')", "s3cr3t"),
    "bearer": ("Authorization: Bearer abcdef0123456789", "abcdef0123456789"),
    "basic": ("authorization: basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
    "jwt": (f"token {JWT} is invalid", JWT),
    "slack bot token": (f"invalid_auth for {SLACK}", SLACK),
    "slack app token": ("using xapp" + "-1-A0RUNBOOK-1234567890-abcdef", "1234567890-abcdef"),
    "slack webhook": ("POST https://hooks.slack.com" + "/services/T000/B000/XXXXYYYY failed", "XXXXYYYY"),
    "stripe": (f"Invalid API Key provided: {STRIPE}", STRIPE),
    "stripe restricted": ("rk" + "_test_4eC39HqLyjWDarjt", "4eC39HqLyjWDarjt"),
    "aws key": (f"aws_access_key_id = {AWS}", AWS),
    "aws secret": ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPx", "wJalrXUtnFEMI"),
    "pem": (f"key:\n{PEM}\nend", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"),
    "pem cut off by a log line": (PEM[:60], "MIIEvQIB"),
    "github": ("ghp_" + "a1B2" * 9, "a1B2a1B2"),
    "gitlab": ("glpat-" + "a1B2" * 6, "a1B2a1B2"),
    "dbt cloud": ("Authorization failed for dbtc_" + "Xy12" * 8, "Xy12Xy12"),
    "databricks": ("dapi" + "0123456789abcdef" * 2, "0123456789abcdef"),
    "google": ("key AI" + "za" + "Sy0123456789abcdefghijklmnopqrstuvwxy"[:37], "Sy0123456789"),
    "openai": ("sk-" + "proj-" + "a1B2" * 8, "a1B2a1B2"),
    "azure stage": (
        "COPY INTO t FROM 'https://x.blob.core.windows.net/c?sv=2024&sig=Ab%2Fcd%3D123456'",
        "Ab%2Fcd",
    ),
    "s3 link": ("GET https://b.s3.amazonaws.com/k?X-Amz-Signature=0f1e2d3c4b5a&X-Amz-Expires=60", "0f1e2d3c4b5a"),
    "psycopg2 in a traceback": ('  dsn = "dbname=shop user=etl password=s3cr3t host=db port=5432"', "s3cr3t"),
    "dsn as query parameters": ("postgresql://db/shop?user=etl&password=s3cr3t&sslmode=require", "s3cr3t"),
    "snowflake url": ("snowflake://SVC_LOADER:s3cr3t@acme-eu1/RAW/PG?warehouse=LOADING_WH", "s3cr3t"),
    "airflow connection": ("AIRFLOW_CONN_SHOP='postgres://etl:s3cr3t@db:5432/shop'", "s3cr3t"),
    "fernet key": ("AIRFLOW__CORE__FERNET_KEY and secret_key = aBcDeFgHiJkLmNoP1234=", "aBcDeFgHiJkLmNoP1234"),
    "stripe in an error": ("stripe.error.AuthenticationError: Invalid API Key: " + STRIPE, STRIPE),
    "bold label": ("*Password:* s3cr3t", "s3cr3t"),
    "bold label, colon outside": ("*DB_PASSWORD*: s3cr3t", "s3cr3t"),
    "label above": ("*Password*\ns3cr3t", "s3cr3t"),
    "in code": ("token: `s3cr3t with spaces`", "with spaces"),
    "code key": ("`api_key` = `s3cr3t`", "s3cr3t"),
    "header dump": ("{'Authorization': 'Bearer abc123def456', 'Accept': '*/*'}", "abc123def456"),
}
HARMLESS = (
    'connection to server at "127.0.0.1", port 5432 failed: FATAL: password authentication failed for user "loader"',
    "SELECT * FROM orders WHERE status = 'paid' AND note LIKE '%password%'",
    "https://airflow.example.com/dags/ecommerce_daily/runs/manual__2026-11-02T06:00:00+00:00",
    "The token bucket is empty; retry in 30 s",
    "user@example.com wrote: see http://wiki.example.com:8080/runbook",
    "Warehouse LOADING_WH cannot be resumed because resource monitor LOADING_MONITOR has exceeded its quota.",
    "xoxo, the loader",
    "*Token bucket:* empty",
    "*Password policy*\nchanged by SECURITYADMIN",
    "`password` is a column of `users`",
    "Basic authentication failed, bearer authentication is required",
)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_hidden(name: str) -> None:
    """No part of the secret stays, and a reader sees that something was taken out."""
    text, secret = SECRETS[name]
    assert secret in text
    shown = redact(text)
    assert secret not in shown
    assert HIDDEN in shown


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    """What people need to read in an error is not touched."""
    assert redact(text) == text


def test_what_surrounds_a_secret_stays() -> None:
    """Host, user and database of an address can still be read."""
    assert redact("postgresql://loader:s3cr3t@db:5432/shop") == f"postgresql://loader:{HIDDEN}@db:5432/shop"
    assert redact("*Token:* `s3cr3t` of SVC") == f"*Token:* `{HIDDEN}` of SVC"
    assert redact('{"password": "s3cr3t", "port": 5}') == f'{{"password": "{HIDDEN}", "port": 5}}'


@pytest.mark.parametrize("name", SECRETS)
def test_twice_is_once(name: str) -> None:
    """Text that passes two fences looks like text that passed one."""
    once = redact(SECRETS[name][0])
    assert redact(once) == once


@pytest.mark.parametrize(
    "text", ["postgres://" + "a:" * 20_000, "password=" * 5_000, "-----BEGIN " * 5_000, "a_" * 20_000 + "token="]
)
def test_hostile_text_costs_little(text: str) -> None:
    """A text made to backtrack is read in well under a second."""
    begun = time.thread_time()
    redact(text)
    assert time.thread_time() - begun < 1.0


@dataclass(frozen=True)
class Query:
    """Facts as a probe gives them."""

    text: str
    seen: tuple[str, ...] = ()
    at: int = 0


def test_every_text_within_facts_is_looked_at() -> None:
    """A query that somebody wrote a password into is shown by no step, whatever the probe thought of."""
    facts = {"running": [Query("CREATE USER x PASSWORD 's3cr3t'", ("password=s3cr3t",), 7), Query("SELECT 1")]}
    hidden = redact_within(facts)
    assert "s3cr3t" not in str(hidden)
    assert hidden["running"][0].at == 7


@pytest.mark.parametrize("key", ["password", "DB Password", "api_key", "Access Key", "Authorization"])
def test_what_stands_under_a_secrets_name_is_hidden_whole(key: str) -> None:
    """Words, commas and quotes end a secret in a sentence, not in a value of its own; at any depth."""
    assert redact_within({"conn": [{key: "correct, horse"}]}) == {"conn": [{key: HIDDEN}]}
    assert redact_within({key: "", f"{key} policy": "changed"}) == {key: "", f"{key} policy": "changed"}


def test_facts_without_a_secret_are_the_same_object() -> None:
    """Nothing is copied for nothing."""
    facts = Query("SELECT 1", ("a", "b"))
    assert redact_within(facts) is facts


def test_what_was_redacted_can_be_kept() -> None:
    """Half a surrogate pair, which a system's JSON may hold, has no UTF-8: the finding or outcome would be lost."""
    found = redact_within({"log": ["é \ud83d x", "🔥"], "said": "\udfff"})
    assert found == {"log": ["é \ufffd x", "🔥"], "said": "\ufffd"}
