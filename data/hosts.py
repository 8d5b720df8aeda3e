"""Host names and numbers."""

from __future__ import annotations

from ipaddress import ip_address


def is_this_machine(address: str | None) -> bool:
    """Return whether a host name or number means this machine only."""
    if not address:
        return False  # no address means all of them
    if address.lower().rstrip(".") == "localhost":
        return True
    try:
        return ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False
