"""Where a delivery is: a path on this machine, or an address in an object store or on a web server.

An address with credentials in it is refused and not repeated. All others are shown and logged without their query.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from data.hosts import is_this_machine

OBJECT_STORES = ("s3", "az", "gs")
PROTOCOLS = "s3://, az://, gs:// or https://"
_MARK = "://"
_LONGEST_NAME = 255  # bytes of a file's name on Linux
_LONGEST_VALUE = 40  # a longer value in a query is more likely a signature than a choice
_SECRET = re.compile(r"auth|code|cred|jwt|key|pass|pwd|secret|session|sig|token|^(sas|se|sp|sr|st|sv)$", re.IGNORECASE)
_NO_CREDENTIALS = (
    "The address of the delivery may hold a password, a key or a signature, so it was not used. Credentials come from the"
    " environment: see docs/deploy.md."
)


@dataclass(frozen=True, kw_only=True)
class DeliveryUrl:
    """The address of a delivery.

    Attributes:
        protocol: `s3`, `az`, `gs`, `https`, or `http` for this machine.
        path: What follows the protocol, without the query: `bucket/folder` or `host/file.zip`.
        name: The name of the folder or file, as a local copy has it.
        query: The query of a web address. It is sent and never shown.
    """

    protocol: str
    path: str
    name: str
    query: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.protocol}{_MARK}{self.path}"


Location = Path | DeliveryUrl


def location(text: str) -> Location:
    """Return the path or address that a DELIVERY argument names.

    Raises:
        argparse.ArgumentTypeError: The address cannot be used. The message does not repeat it.
    """
    protocol, mark, rest = text.partition(_MARK)
    if not mark:
        return Path(text)
    protocol = protocol.lower()
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" in authority or (":" in authority and "@" in rest):
        raise argparse.ArgumentTypeError(_NO_CREDENTIALS)
    if not text.isprintable() or "\\" in text or "#" in text:
        raise argparse.ArgumentTypeError(
            "The address of the delivery has a #, a \\ or a character that cannot be printed."
        )
    if protocol in OBJECT_STORES:
        return _in_object_store(protocol, rest)
    if protocol in ("https", "http"):
        return _on_web_server(protocol, rest)
    raise argparse.ArgumentTypeError(f"A delivery is a path on this machine or an address at {PROTOCOLS}.")


def label(given: Location) -> str:
    """Return how logs and sentences name a delivery: an address, or the name of a local folder or file."""
    return given.name if isinstance(given, Path) else str(given)


def is_plain_name(name: str) -> bool:
    """Return whether a name can be that of a file or folder here, and leads to no other folder."""
    return (
        name not in ("", ".", "..")
        and name.isprintable()
        and not set(name) & {"/", "\\"}
        and len(name.encode("utf-8", "replace")) <= _LONGEST_NAME
    )


def without_secrets(text: str) -> str:
    """Return a text whose addresses have no user, password or query."""
    return re.sub(r"(://)[^\s'\"]*@|(://[^\s?'\"]*)\?[^\s'\"]*", lambda match: f"{match[1] or match[2]}…", text)


def _in_object_store(protocol: str, rest: str) -> DeliveryUrl:
    path = rest.rstrip("/")
    bucket, *folders = path.split("/")
    if "?" in rest or ":" in bucket:
        raise argparse.ArgumentTypeError(_NO_CREDENTIALS)
    if not all(map(is_plain_name, (bucket, *folders))):
        raise argparse.ArgumentTypeError(
            f"The address is not one of a bucket and a folder, as in {protocol}://bucket/folder."
        )
    return DeliveryUrl(protocol=protocol, path=path, name=path.rpartition("/")[2])


def _on_web_server(protocol: str, rest: str) -> DeliveryUrl:
    address, _, query = rest.partition("?")
    try:
        parts = urlsplit(f"{protocol}{_MARK}{address}")
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    name = unquote(address.rpartition("/")[2])
    if not host or "/" not in address or not is_plain_name(name):
        raise argparse.ArgumentTypeError(
            "The address does not end with the name of a file, as in https://host/delivery.zip."
        )
    if protocol == "http" and not is_this_machine(host):
        raise argparse.ArgumentTypeError(
            "A delivery holds residents' records, so it is not read over http://. Use https://."
        )
    if any(
        _SECRET.search(key) or len(value) > _LONGEST_VALUE for key, value in parse_qsl(query, keep_blank_values=True)
    ):
        raise argparse.ArgumentTypeError(_NO_CREDENTIALS)
    return DeliveryUrl(protocol=protocol, path=address, name=name, query=query)
