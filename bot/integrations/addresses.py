"""Beside stage 5: the address of a system that speaks HTTP, as a setting holds it."""

from urllib.parse import urlsplit


def is_http_address(url: str) -> bool:
    """True for http:// or https:// with a host, and with a port that can be called where one is given."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, half an IPv6 address
        return False


def host_and_port(url: str) -> str:
    """`host:port` of an HTTP address, for people: without a login; the scheme's own port where none is given."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
