"""Read access.toml: which account, or which claim of a sign-in, has which role, and below which number counts are suppressed.

access.example.toml is an example. A mistake in the file stops the server with a sentence, so that a wrong line neither grants a
right by accident nor removes one silently.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from queries.access.rights import roles, viewer
from queries.access.viewer import MIN_COUNT, Viewer
from queries.scope import AskError

FILE = "access.toml"
LEAST, MOST = 3, 100  # 3 is the minimum of the federal WIOA public file; above 100 almost nothing would be shown
_VOUCHES = "provider_vouches_for_email"
_ENTRY = frozenset({"role", "region", "clearance"})


class AccessError(ValueError):
    """access.toml cannot be used.

    Attributes:
        faults: A sentence for each mistake.
        is_unreadable: Whether the file exists but cannot be opened.
    """

    def __init__(self, path: Path, faults: list[str], *, is_unreadable: bool = False) -> None:
        super().__init__(f"{path.name} cannot be used. {' '.join(faults)}")
        self.faults = tuple(faults)
        self.is_unreadable = is_unreadable


@dataclass(frozen=True)
class Access:
    """The content of access.toml.

    Attributes:
        min_count: Counts of people below this are suppressed for protected readers.
        account_claim: The claim that holds the account.
        accounts: Readers by account, as `_account_key` writes it. They take precedence over claims.
        claim: The claim that holds roles, if any.
        values: Readers by value of that claim, in the order of the file.
        provider_vouches_for_email: Whether to accept an e-mail address without `email_verified`.
    """

    min_count: int = MIN_COUNT
    account_claim: str = "email"
    accounts: Mapping[str, Viewer] = field(default_factory=dict)
    claim: str | None = None
    values: Mapping[str, Viewer] = field(default_factory=dict)
    provider_vouches_for_email: bool = False


def access_path() -> Path:
    """Return the path of the file: DASHBOARD_ACCESS, or access.toml in the working directory."""
    return Path(os.environ.get("DASHBOARD_ACCESS") or FILE)


def read_access(path: Path | None = None) -> Access:
    """Read the file. Without one, nobody has a role and counts below ten are suppressed.

    Raises:
        AccessError: The file has mistakes; the error lists them all.
    """
    path = path or access_path()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Access()
    except OSError as error:
        raise AccessError(path, [f"It cannot be read: {error.strerror or error}."], is_unreadable=True) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AccessError(path, [f"It cannot be read: {error}."]) from None
    faults: list[str] = []
    access = _read(content, faults)
    if faults:
        raise AccessError(path, faults)
    return access


def account_in(claims: Mapping[str, object], config: Access) -> str:
    """Return the account in the claims of a sign-in.

    Returns:
        The account, or "" if the claim is not text, or is an e-mail address that the provider has not verified.
    """
    account = claims.get(config.account_claim)
    if not isinstance(account, str) or not _is_vouched(config.account_claim, claims, config):
        return ""
    return account.strip()


def reader_for(claims: Mapping[str, object], config: Access) -> Viewer | None:
    """Return the reader who signed in with these claims, or None without a role.

    If the role claim has several values, the first in the order of the file decides.
    """
    account = account_in(claims, config)
    if account and _account_key(account) in config.accounts:
        return config.accounts[_account_key(account)]
    values = _values_in(claims, config)
    return next((reader for value, reader in config.values.items() if value in values), None)


def reader_of_account(account: str, config: Access) -> Viewer | None:
    """Return the reader that an account is listed as, or None. A role that comes from a claim needs a sign-in."""
    return config.accounts.get(_account_key(account))


def _values_in(claims: Mapping[str, object], config: Access) -> set[str]:
    """Return the values of the role claim: text or integers, single or in a list.

    Other types are ignored, so that no structure matches a role by how Python prints it.
    """
    if config.claim is None or not _is_vouched(config.claim, claims, config):
        return set()
    claim = claims.get(config.claim)
    values = claim if isinstance(claim, list | tuple | set | frozenset) else [claim]
    return {str(value) for value in values if isinstance(value, str | int) and not isinstance(value, bool)}


def _is_vouched(claim: str, claims: Mapping[str, object], config: Access) -> bool:
    """Return whether a claim can be trusted.

    An e-mail address can if `email_verified` is true. Some providers send that as text. Some never send it; for those
    access.toml says whether they vouch for every address.
    """
    if claim != "email":
        return True
    if "email_verified" not in claims:
        return config.provider_vouches_for_email
    verified = claims["email_verified"]
    return verified is True or (isinstance(verified, str) and verified.strip().lower() == "true")


def _account_key(account: str) -> str:
    """Return an account in the form in which accounts are compared: lower case if it is ASCII.

    Other accounts do not change: some letters have an ASCII letter as their lower case, which would merge two accounts.
    """
    text = account.strip()
    return text.lower() if text.isascii() else text


def _read(content: Mapping[str, object], faults: list[str]) -> Access:
    _no_others(content, {"fewest", "account_claim", "account", "claims", _VOUCHES}, "At the top", faults)
    min_count = content.get("fewest", MIN_COUNT)
    if isinstance(min_count, bool) or not isinstance(min_count, int) or not LEAST <= min_count <= MOST:
        faults.append(f"fewest must be a whole number from {LEAST} to {MOST}.")
        min_count = MIN_COUNT
    account_claim = content.get("account_claim", "email")
    if not isinstance(account_claim, str) or not account_claim:
        faults.append("account_claim must be the name of a claim.")
        account_claim = "email"
    vouches = content.get(_VOUCHES, False)
    if not isinstance(vouches, bool):
        faults.append(f"{_VOUCHES} must be true or false, without quotation marks.")
    claims = content.get("claims", {})
    if not isinstance(claims, Mapping):
        faults.append("claims must be a section: [claims].")
        claims = {}
    _no_others(claims, {"name", "values"}, "In [claims]", faults)
    accounts = _accounts(content.get("account", []), min_count, faults)
    values = _values(claims, min_count, faults)
    if content and not accounts and not values and not faults:
        faults.append("It names no account and no claim, so nobody could see anything.")
    return Access(min_count, account_claim, accounts, claims.get("name") if claims else None, values, vouches is True)


def _accounts(entries: object, min_count: int, faults: list[str]) -> dict[str, Viewer]:
    viewers: dict[str, Viewer] = {}
    if not isinstance(entries, list):
        faults.append("account must be a list of sections: [[account]].")
        return viewers
    for position, entry in enumerate(entries, 1):
        name = entry.get("account") if isinstance(entry, Mapping) else None
        if not isinstance(name, str) or not name.strip():
            faults.append(f"The {_ordinal(position)} [[account]] has no account.")
            continue
        reader = _viewer({key: value for key, value in entry.items() if key != "account"}, name, min_count, faults)
        key = _account_key(name)
        if key in viewers:
            faults.append(f"“{name}” is listed twice: an account has one role.")
        if reader:
            viewers[key] = reader
    return viewers


def _values(claims: Mapping[str, object], min_count: int, faults: list[str]) -> dict[str, Viewer]:
    name, values = claims.get("name"), claims.get("values", {})
    if claims and (not isinstance(name, str) or not name):
        faults.append("[claims] has no name of a claim.")
    if not isinstance(values, Mapping) or (claims and not values):
        faults.append("[claims] maps no value to a role.")
        return {}
    viewers = {}
    for value, entry in values.items():
        reader = _viewer(entry, value, min_count, faults)
        if reader:
            viewers[str(value)] = reader
    return viewers


def _viewer(entry: object, name: str, min_count: int, faults: list[str]) -> Viewer | None:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("role"), str):
        faults.append(f"“{name}” has no role. The roles are: {', '.join(roles())}.")
        return None
    before = len(faults)
    _no_others(entry, _ENTRY, f"For “{name}”", faults)
    region, clearance = entry.get("region"), entry.get("clearance")
    for key, value in (("region", region), ("clearance", clearance)):
        if value is not None and not isinstance(value, str):
            faults.append(f"The {key} of “{name}” must be text.")
    if len(faults) > before:
        return None
    try:
        return replace(viewer(entry["role"], region, clearance), min_count=min_count)
    except AskError as error:
        faults.append(f"“{name}”: {error}")
        return None


def _no_others(entry: Mapping[str, object], known: set[str] | frozenset[str], where: str, faults: list[str]) -> None:
    for key in sorted(set(entry) - known):
        faults.append(f"{where}, “{key}” is unknown. Known keys: {', '.join(sorted(known))}.")


def _ordinal(position: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(position, f"{position}th")
