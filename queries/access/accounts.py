"""access.toml: which account, or which claim of the sign-in, is which reader; and the number under which counts are hidden.

The example is access.example.toml. Mistakes in the file stop the start with a sentence each: a wrong line never gives anybody
a right that was not meant, and never takes one away silently.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from queries.access.rights import roles, viewer
from queries.access.viewer import MIN_COUNT, Viewer
from queries.scope import AskError

FILE = "access.toml"
LEAST, MOST = 3, 100  # 3 is the floor of the federal WIOA public file; over 100 hardly anything would be shown
_VOUCHES = "provider_vouches_for_email"
_ENTRY = frozenset({"role", "region", "clearance"})


class AccessError(ValueError):
    """access.toml cannot be used. `faults`: a full sentence for each mistake. is_unreadable: the file is there, but cannot be
    opened."""

    def __init__(self, path: Path, faults: list[str], *, is_unreadable: bool = False) -> None:
        super().__init__(f"{path.name} cannot be used. {' '.join(faults)}")
        self.faults = tuple(faults)
        self.is_unreadable = is_unreadable


@dataclass(frozen=True)
class Access:
    """What access.toml says. accounts: reader by account, as `_account_key` spells it. values: reader by value of the claim, in
    the file's order. An account listed by name is that reader, whatever its claims say. provider_vouches_for_email: an address
    counts where the provider does not say whether it has verified it."""

    min_count: int = MIN_COUNT
    account_claim: str = "email"
    accounts: Mapping[str, Viewer] = field(default_factory=dict)
    claim: str | None = None
    values: Mapping[str, Viewer] = field(default_factory=dict)
    provider_vouches_for_email: bool = False


def access_path() -> Path:
    """Where the file is: DASHBOARD_ACCESS, else access.toml in the folder the dashboard is started in."""
    return Path(os.environ.get("DASHBOARD_ACCESS") or FILE)


def read_access(path: Path | None = None) -> Access:
    """Read the file. Without one, nobody has a role, and ten is the fewest. Raises AccessError with every mistake in it."""
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
    """The account that these claims of a sign-in name; "" where they name nobody: another type than text, or an e-mail address
    that the provider has not verified."""
    account = claims.get(config.account_claim)
    if not isinstance(account, str) or not _is_vouched(config.account_claim, claims, config):
        return ""
    return account.strip()


def reader_for(claims: Mapping[str, object], config: Access) -> Viewer | None:
    """The reader who signed in with these claims; None for somebody without a role here.

    Of several values of the role claim, the first in the order of the file decides.
    """
    account = account_in(claims, config)
    if account and _account_key(account) in config.accounts:
        return config.accounts[_account_key(account)]
    values = _values_in(claims, config)
    return next((who for value, who in config.values.items() if value in values), None)


def _values_in(claims: Mapping[str, object], config: Access) -> set[str]:
    """The values of the role claim: texts and whole numbers, one or a list of them. Anything else counts for nothing, so that
    no structure is taken for a role by how Python would print it."""
    if config.claim is None or not _is_vouched(config.claim, claims, config):
        return set()
    claim = claims.get(config.claim)
    values = claim if isinstance(claim, list | tuple | set | frozenset) else [claim]
    return {str(value) for value in values if isinstance(value, str | int) and not isinstance(value, bool)}


def _is_vouched(claim: str, claims: Mapping[str, object], config: Access) -> bool:
    """Whether a claim can be believed. An e-mail address can where `email_verified` is true. Some providers send that as text;
    some never send it, and access.toml says whether they vouch for every address."""
    if claim != "email":
        return True
    if "email_verified" not in claims:
        return config.provider_vouches_for_email
    verified = claims["email_verified"]
    return verified is True or (isinstance(verified, str) and verified.strip().lower() == "true")


def _account_key(account: str) -> str:
    """How accounts are compared: without regard to case in ASCII. Other letters as they are: some of them have an ASCII letter
    as their lower case, and would make one account of two."""
    text = account.strip()
    return text.lower() if text.isascii() else text


def _is_list(value: object) -> bool:
    return isinstance(value, (list, tuple, set, frozenset))


def _read(told: Mapping[str, Any], faults: list[str]) -> Access:
    _no_others(told, {"fewest", "account_claim", "account", "claims", _VOUCHES}, "At the top", faults)
    min_count = told.get("fewest", MIN_COUNT)
    if isinstance(min_count, bool) or not isinstance(min_count, int) or not LEAST <= min_count <= MOST:
        faults.append(f"fewest is a whole number from {LEAST} to {MOST}.")
        min_count = MIN_COUNT
    account_claim = told.get("account_claim", "email")
    if not isinstance(account_claim, str) or not account_claim:
        faults.append("account_claim is the name of a claim.")
        account_claim = "email"
    vouches = told.get(_VOUCHES, False)
    if not isinstance(vouches, bool):
        faults.append(f"{_VOUCHES} is true or false, without quotation marks.")
    claims = told.get("claims", {})
    if not isinstance(claims, Mapping):
        faults.append("claims is a section: [claims].")
        claims = {}
    _no_others(claims, {"name", "values"}, "In [claims]", faults)
    accounts = _accounts(told.get("account", []), min_count, faults)
    values = _values(claims, min_count, faults)
    if told and not accounts and not values and not faults:
        faults.append("It names no account and no claim, so nobody could see anything.")
    return Access(min_count, account_claim, accounts, claims.get("name") if claims else None, values, vouches is True)


def _accounts(entries: Any, min_count: int, faults: list[str]) -> dict[str, Viewer]:
    found: dict[str, Viewer] = {}
    if not _is_list(entries):
        faults.append("account is a list of sections: [[account]].")
        return found
    for place, entry in enumerate(entries, 1):
        name = entry.get("account") if isinstance(entry, Mapping) else None
        if not isinstance(name, str) or not name.strip():
            faults.append(f"The {_ordinal(place)} [[account]] does not say which account it is.")
            continue
        who = _reader({key: value for key, value in entry.items() if key != "account"}, name, min_count, faults)
        key = _account_key(name)
        if key in found:
            faults.append(f"“{name}” is there twice: an account has one role.")
        if who:
            found[key] = who
    return found


def _values(claims: Mapping[str, Any], min_count: int, faults: list[str]) -> dict[str, Viewer]:
    name, values = claims.get("name"), claims.get("values", {})
    if claims and (not isinstance(name, str) or not name):
        faults.append("[claims] does not say the name of the claim.")
    if not isinstance(values, Mapping) or (claims and not values):
        faults.append("[claims] maps no value to a role.")
        return {}
    found = {}
    for value, entry in values.items():
        who = _reader(entry, value, min_count, faults)
        if who:
            found[str(value)] = who
    return found


def _reader(entry: Any, name: str, min_count: int, faults: list[str]) -> Viewer | None:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("role"), str):
        faults.append(f"“{name}” has no role. The roles are: {', '.join(roles())}.")
        return None
    before = len(faults)
    _no_others(entry, _ENTRY, f"For “{name}”", faults)
    region, clearance = entry.get("region"), entry.get("clearance")
    for key, value in (("region", region), ("clearance", clearance)):
        if value is not None and not isinstance(value, str):
            faults.append(f"The {key} of “{name}” is a text.")
    if len(faults) > before:
        return None
    try:
        return replace(viewer(entry["role"], region, clearance), min_count=min_count)
    except AskError as error:
        faults.append(f"“{name}”: {error}")
        return None


def _no_others(entry: Mapping[str, Any], known: set[str] | frozenset[str], where: str, faults: list[str]) -> None:
    for key in sorted(set(entry) - known):
        faults.append(f"{where}, “{key}” means nothing. What can be said: {', '.join(sorted(known))}.")


def _ordinal(place: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(place, f"{place}th")


def unknown_regions(config: Access, regions: set[str]) -> list[str]:
    """A sentence for each director whose region the delivery on screen does not have: they would see no region as their own."""
    known = {region.casefold() for region in regions}
    named = {who.region for who in (*config.accounts.values(), *config.values.values()) if who.region}
    return [
        f"access.toml names the region “{region}”, which this delivery does not have. It has: {', '.join(sorted(regions))}."
        for region in sorted(named)
        if region.casefold() not in known
    ]
