"""Rate limits, scopes, faults, forms and the manifest: plain functions of their arguments."""

from pathlib import Path

import pytest

from bot.sandbox.slack import elements, forms, scopes
from bot.sandbox.slack.faults import CALL_FAULTS, DELIVERY_FAULTS, Faults
from bot.sandbox.slack.limits import PER_MINUTE, TIERS, Bucket, Limiter
from bot.sandbox.slack.manifest import ManifestError, manifest_from, read_manifest
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.settings import Settings
from bot.sandbox.slack.web_api.dispatch import METHODS

MANIFEST = Path(__file__).parents[3] / "manifest.yml"


def test_a_bucket_refills_with_time():
    """The burst passes at once, then one call a second; the wait is exact."""
    bucket = Bucket(rate=1.0, burst=2, now=0.0)
    assert [bucket.take(0.0), bucket.take(0.0), bucket.take(0.25)] == [0.0, 0.0, 0.75]
    assert bucket.take(1.0) == 0.0
    assert bucket.take(100.0) == bucket.take(100.0) == 0.0
    assert bucket.take(100.0) > 0


def test_channels_and_tiers_are_limited_apart():
    """chat.postMessage is limited by channel, others by method; Retry-After is in whole seconds."""
    limiter = Limiter(Settings(message_burst=1))
    assert limiter.check("chat.postMessage", "A", "C1", 0.0) is None
    assert limiter.check("chat.postMessage", "A", "C1", 0.5) == 1
    assert limiter.check("chat.postMessage", "A", "C2", 0.5) is None
    allowed = [limiter.check("usergroups.list", "A", "", 0.0) for _ in range(PER_MINUTE[2] + 1)]
    assert allowed[:-1] == [None] * PER_MINUTE[2]
    assert allowed[-1] == 3
    assert limiter.check("users.list", "A", "", 0.0) is None


def test_limits_can_be_switched_off():
    """Without rate limits everything passes."""
    limiter = Limiter(Settings(rate_limits=False))
    assert [limiter.check("usergroups.list", "A", "", 0.0) for _ in range(99)] == [None] * 99


def test_every_method_has_a_scope_rule_and_a_tier():
    """No method is callable without a decision about its scope; tiers name real methods only."""
    assert set(METHODS) == set(scopes.SCOPES) | set(scopes.BY_KIND)
    assert set(TIERS) <= set(METHODS)


SCOPE_CASES = [
    ("conversations.history", "channel", "channels:history", None),
    ("conversations.history", "group", "channels:history", "groups:history"),
    ("conversations.list", "channel", "groups:read", None),
    ("views.open", "channel", "", None),
    ("users.lookupByEmail", "channel", "users:read", "users:read.email"),
]


@pytest.mark.parametrize(("method", "kind", "held", "missing"), SCOPE_CASES)
def test_scopes(method, kind, held, missing):
    """The scope of the conversation's kind counts; alternatives are enough; some methods want none."""
    assert scopes.missing(method, kind, frozenset({held})) == missing


def test_faults_count_every_and_times():
    """A fault strikes each n-th match of its method until it is spent; others are not touched."""
    faults = Faults()
    faults.set({"kind": "status", "method": "chat.update", "every": 2, "times": 1})
    struck = [bool(faults.strike(CALL_FAULTS, method)) for method in ("chat.update", "auth.test") * 3]
    assert struck == [False, False, True, False, False, False]
    assert faults.strike(DELIVERY_FAULTS, "chat.update") is None


@pytest.mark.parametrize("spec", [{"kind": "fire"}, {"kind": "status", "colour": "red"}, {"kind": "drop", "every": 0}])
def test_a_misspelt_fault_is_refused(spec):
    """A fault that would never strike is an error when it is set."""
    with pytest.raises(Refusal, match="invalid_fault"):
        Faults().set(spec)


def test_faults_are_cleared_one_by_one_or_all():
    """Clearing by id leaves the others."""
    faults = Faults()
    first = faults.set({"kind": "drop"})
    faults.set({"kind": "status"})
    assert (faults.clear(first.id), [rule.kind for rule in faults.rules()]) == (1, ["status"])
    assert faults.clear() == 1


def plain(text):
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


OPTIONS = [{"text": plain("Low"), "value": "low"}, {"text": plain("High"), "value": "high"}]
LEVEL = {"type": "static_select", "action_id": "level", "options": OPTIONS, "initial_option": OPTIONS[0]}
QUOTA = {"type": "number_input", "action_id": "quota", "is_decimal_allowed": False, "min_value": "1", "max_value": "9"}
NOTE = {"type": "plain_text_input", "action_id": "note", "max_length": 3}


def view(*fields, optional=False):
    """A view with one input block per element; the block's id is the action's in capitals."""
    blocks = [
        {"type": "input", "block_id": one["action_id"].upper(), "element": one, "optional": optional} for one in fields
    ]
    return {"blocks": blocks, "state": {"values": {}}}


def test_a_form_is_filled_by_block_or_action():
    """Values are found by block_id, action_id or both; untouched fields keep their initial value."""
    form = view(LEVEL, QUOTA, NOTE)
    state = forms.fill(form, {"quota": "5", "NOTE": {"note": "hi"}})
    assert state["LEVEL"]["level"]["selected_option"]["value"] == "low"
    assert state["QUOTA"]["quota"] == {"type": "number_input", "value": "5"}
    assert state["NOTE"]["note"]["value"] == "hi"
    assert forms.fill(form, {"LEVEL": "High"})["LEVEL"]["level"]["selected_option"]["value"] == "high"


def test_a_form_refuses_unknown_fields_and_options():
    """A misspelt field or option is an error, not an empty value."""
    with pytest.raises(Refusal, match="unknown_field"):
        forms.fill(view(NOTE), {"nota": "x"})
    with pytest.raises(Refusal, match="invalid_value"):
        forms.fill(view(LEVEL), {"level": "middle"})


FORM_CASES = [
    (QUOTA, None, "Please complete this required field."),
    (QUOTA, "many", "Please enter a number."),
    (QUOTA, "1.5", "Please enter a whole number."),
    (QUOTA, "0", "Must be 1 or more."),
    (QUOTA, "10", "Must be 9 or less."),
    (QUOTA, "9", None),
    (NOTE, "abcd", "Must be at most 3 characters."),
    (NOTE, "abc", None),
]


@pytest.mark.parametrize(("field", "value", "message"), FORM_CASES)
def test_slacks_client_checks_fields(field, value, message):
    """Required, numeric and length rules of the client, each at its edge."""
    form = view(field)
    state = forms.fill(form, {} if value is None else {field["action_id"]: value})
    assert forms.refusals(form, state).get(field["action_id"].upper()) == message
    assert not forms.refusals(view(NOTE, optional=True), forms.fill(view(NOTE), {}))


def test_actions_of_every_place_are_found():
    """Buttons in sections, actions, cards in a carousel and containers can be used; inputs only when they dispatch."""
    button = {"type": "button", "text": plain("x")}
    blocks = [
        {"type": "section", "accessory": {**button, "action_id": "a"}},
        {"type": "actions", "elements": [{**button, "action_id": "b"}]},
        {"type": "carousel", "elements": [{"type": "card", "actions": [{**button, "action_id": "c"}]}]},
        {
            "type": "container",
            "child_blocks": [{"type": "section", "accessory": {**button, "action_id": "d"}}],
        },
        {"type": "input", "element": {**NOTE, "action_id": "silent"}},
        {"type": "input", "element": {**NOTE, "action_id": "e"}, "dispatch_action": True},
    ]
    assert [element["action_id"] for _, element in elements.interactive(blocks)] == list("abcde")


def test_the_projects_manifest_is_read():
    """The manifest of this repository gives the scopes, commands and the shortcut that the sandbox needs."""
    manifest = read_manifest(MANIFEST)
    assert {"chat:write", "channels:history"} <= manifest.scopes
    assert "/runbook" in manifest.commands
    assert manifest.shortcuts["run_playbook"] == "message"


def test_a_bad_manifest_is_refused(tmp_path):
    """Missing, broken and incomplete manifests say where and what."""
    with pytest.raises(ManifestError, match="cannot be read"):
        read_manifest(tmp_path / "none.yml")
    (tmp_path / "broken.yml").write_text("a: [", encoding="utf-8")
    with pytest.raises(ManifestError, match="is not YAML"):
        read_manifest(tmp_path / "broken.yml")
    with pytest.raises(ManifestError, match="oauth_config"):
        manifest_from({})
