"""Key pairs of the warehouse's users."""

from __future__ import annotations

from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from bot.sandbox.keys import USERS, make_keys, make_pair


def test_a_pair_belongs_together_and_is_private(tmp_path):
    """An unencrypted PKCS8 key of 2048 bits that only its owner may read, and its public half."""
    make_pair(tmp_path, "SVC_LOADER")
    private = load_pem_private_key((tmp_path / "SVC_LOADER.pem").read_bytes(), None)
    public = load_pem_public_key((tmp_path / "SVC_LOADER.pub").read_bytes())
    assert private.public_key().public_numbers() == public.public_numbers()
    assert private.key_size == 2048
    assert (tmp_path / "SVC_LOADER.pem").stat().st_mode & 0o777 == 0o600


def test_keys_are_kept_over_a_restart(tmp_path):
    """Who has a pair keeps it; only missing ones are made."""
    for user in USERS:
        (tmp_path / f"{user}.pub").write_text("kept")
    make_keys(tmp_path)
    assert {(tmp_path / f"{user}.pub").read_text() for user in USERS} == {"kept"}
