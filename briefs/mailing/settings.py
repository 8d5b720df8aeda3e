"""Read subscriptions.toml: the mail server, and who gets which document when. subscriptions.example.toml is an example."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, Self, TypeAlias, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from briefs.catalog import PRODUCTS
from briefs.model import BriefError
from data.hosts import is_this_machine
from data.sentences import validation_sentences
from queries.dimensions import FILTERS
from queries.registry import measures

FILE = "subscriptions.toml"
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")
_SCHEDULE_SETTINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"weekly": ("weekday",), "monthly": ("day",), "delivery": (), "change": ("measure", "moves_by")}
)
Weekday: TypeAlias = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def _fault(sentence: str) -> PydanticCustomError:
    """Return a mistake for `validation_sentences`: words that go into parentheses, in lower case."""
    return PydanticCustomError("subscriptions", "{sentence}", {"sentence": sentence})


def _is_address(text: str) -> bool:
    """Return whether a text is an e-mail address in ASCII: not every mail server takes others."""
    return text.isascii() and _ADDRESS.fullmatch(text) is not None


def _address(text: str) -> str:
    if not _is_address(text):
        raise _fault("it is not an e-mail address")
    return text


Address: TypeAlias = Annotated[str, AfterValidator(_address)]


class MailServer(BaseModel):
    """The [mail] section: the server that takes the messages.

    Attributes:
        host: Its name or address.
        port: Its port.
        security: "starttls", "tls" from the first byte, or "none", which is for a server on this machine only.
        sender: The address that messages come from.
        user: The user to sign in as; "" for a server without sign-in.
        password_file: A file with the password. DASHBOARD_SMTP_PASSWORD takes precedence.
        attempts: How often to try within one run.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    host: str = Field(min_length=1)
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: Address
    user: str = ""
    password_file: str = ""
    attempts: int = Field(default=3, ge=1, le=10)

    @model_validator(mode="after")
    def _is_private(self) -> Self:
        if self.security == "none" and not is_this_machine(self.host):
            raise _fault("only a mail server on this machine can do without TLS")
        return self


class Subscription(BaseModel):
    """One [[subscription]]: who gets which document, under which filters, and when.

    Attributes:
        id: A name that stays the same; what was sent is recorded under it.
        account: The reader, as listed in access.toml.
        to: Where to send it if the account is not an e-mail address.
        document: A name of the catalog: "friday".
        filters: The filters, by dimension.
        compare: What its figures are compared with: year, before, state or a region; the default if not given.
        when: The schedule.
        weekday: Of a weekly schedule.
        day: Of a monthly schedule.
        measure: For "change": the measure to watch.
        moves_by: For "change": the amount it must move by, in its unit. Shares are fractions: 0.02 is two points.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")
    account: str = Field(min_length=1)
    to: Address | None = None
    document: str
    filters: dict[str, str] = Field(default_factory=dict)
    compare: str | None = None
    when: Literal["weekly", "monthly", "delivery", "change"]
    weekday: Weekday | None = None
    day: int | None = Field(default=None, ge=1, le=28)
    measure: str | None = None
    moves_by: float | None = Field(default=None, gt=0)

    @field_validator("document")
    @classmethod
    def _is_document(cls, name: str) -> str:
        if name not in PRODUCTS:
            raise _fault(f"the documents are: {', '.join(PRODUCTS)}")
        return name

    @field_validator("filters")
    @classmethod
    def _are_filters(cls, filters: dict[str, str]) -> dict[str, str]:
        if set(filters) - set(FILTERS):
            raise _fault(f"the filters are: {', '.join(FILTERS)}")
        return filters

    @field_validator("measure")
    @classmethod
    def _is_measure(cls, measure_id: str | None) -> str | None:
        if measure_id is not None and measure_id not in measures():
            raise _fault("there is no such measure; python -m queries measures lists them")
        return measure_id

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        needed = _SCHEDULE_SETTINGS[self.when]
        for name in ("weekday", "day", "measure", "moves_by"):
            is_set = getattr(self, name) is not None
            if is_set != (name in needed):
                raise _fault(f'when = "{self.when}" {"does not take" if is_set else "needs"} {name}')
        if self.compare and not PRODUCTS[self.document].compares:
            raise _fault(f"compare is not for {self.document}, which compares with nothing that can be chosen")
        if _is_address(self.account) == (self.to is not None):
            raise _fault("to is for an account that is not an e-mail address, and such an account needs it")
        return self

    @property
    def recipient(self) -> str:
        """The address that the message goes to."""
        return self.to or self.account

    @property
    def key(self) -> str:
        """What it is recorded under. Another reader or schedule under the same id is another subscription.

        The account is in it as a digest, so that the record of what was sent holds no address.
        """
        schedule = "-".join([self.when, *(str(getattr(self, name)) for name in _SCHEDULE_SETTINGS[self.when])])
        reader = hashlib.sha256(f"{self.account.strip().lower()} {self.to or ''}".encode()).hexdigest()[:8]
        return f"{self.id}/{schedule}/{reader}"


class Subscriptions(BaseModel):
    """The content of subscriptions.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    mail: MailServer
    subscription: list[Subscription] = Field(default_factory=list)

    @model_validator(mode="after")
    def _have_distinct_ids(self) -> Self:
        ids = [each.id for each in self.subscription]
        if twice := sorted({each for each in ids if ids.count(each) > 1}):
            raise _fault(f"each subscription needs an id that no other has; used twice: {', '.join(twice)}")
        return self


def read_subscriptions(path: Path | None = None) -> Subscriptions:
    """Read the file: that of DASHBOARD_SUBSCRIPTIONS, or subscriptions.toml in the working folder.

    Raises:
        BriefError: There is no such file, or it has mistakes; the message has a sentence for each.
    """
    path = path or Path(os.environ.get("DASHBOARD_SUBSCRIPTIONS") or FILE)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise BriefError(f"There is no {path}. Copy subscriptions.example.toml and put in your own.") from None
    except OSError as error:
        raise BriefError(f"{path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BriefError(f"{path} cannot be read: {error}.") from None
    try:
        return Subscriptions.model_validate(content)
    except ValidationError as error:
        raise BriefError(" ".join(validation_sentences(error, path.name))) from None
