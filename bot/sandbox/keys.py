"""Key pairs of the warehouse's users: the connector signs with the private one, the warehouse knows the public."""

from __future__ import annotations

import os
from pathlib import Path

USERS = ("SVC_LOADER", "SVC_ECOMMERCE_DBT", "SVC_RUNBOOK", "ANALYST_KIM", "SVC_DASHBOARD", "PLATFORM_ADMIN")


def make_keys(folder: Path) -> None:
    """`<USER>.pem` (unencrypted PKCS8, 0600) and `<USER>.pub` for every user that has none yet (RSA 2048)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for user in USERS:
        if not (folder / f"{user}.pub").exists():
            make_pair(folder, user)


def make_pair(folder: Path, user: str) -> None:
    """A new pair; the public half is written last, so that it stands for a complete one."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    descriptor = os.open(folder / f"{user}.pem", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(private)
    (folder / f"{user}.pub").write_bytes(public)
