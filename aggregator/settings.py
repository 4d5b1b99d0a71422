"""The settings of the environment (prefix `EVENEMANG_`) and of a `.env` file, as one frozen value; and the clock.

It does not know `sources.yaml` (see `config`) and opens nothing: no database, no socket. The composition roots
(`cli`, `server.py`) read it once and hand the values on; no other module looks at the environment.
"""

from __future__ import annotations

import difflib
import os
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AwareDatetime, Field, SecretStr, ValidationError, ValidatorFunctionWrapHandler, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from aggregator.errors import ConfigError
from aggregator.mailbox import mailbox

PREFIX = "EVENEMANG_"
SECRET_LENGTH = 32  # characters; 16 random bytes in hexadecimal, the least that can't be guessed
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
DATABASES = ("sqlite", "postgresql")

Clock = Callable[[], datetime]


class Settings(BaseSettings):
    """Every setting, checked. Secrets are `SecretStr`, so that neither a log nor a traceback shows them.

    `host_spacing` is in seconds. `now` is aware, or None for the real clock. `log_format` None means: text on a
    terminal, else json. `database_url` is always set by `load`.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: str = ""
    base_url: str = "http://127.0.0.1:8000"
    secret_key: SecretStr | None = None
    contact: str | None = None
    smtp_url: SecretStr | None = None
    mail_from: str | None = None
    host_spacing: Annotated[float, Field(ge=0, le=3600)] = 2.0
    fetch_allow: Annotated[tuple[str, ...], NoDecode] = ()
    offer_allow: Annotated[tuple[str, ...], NoDecode] = ()
    proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    now: AwareDatetime | None = None
    log_format: Literal["text", "json"] | None = None

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value and value.partition(":")[0].partition("+")[0] not in DATABASES:
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value

    @field_validator("base_url")
    @classmethod
    def _base(cls, value: str) -> str:
        _web_address(value)
        return value.rstrip("/")

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str | None) -> str | None:
        if value is not None:
            _web_address(value)
            parts = urlsplit(value)
            if parts.scheme != "https" and parts.hostname not in LOCAL_HOSTS:
                raise ValueError("must be an https:// address")
        return value

    @field_validator("secret_key")
    @classmethod
    def _secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < SECRET_LENGTH:
            raise ValueError(f"must have at least {SECRET_LENGTH} characters")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _mail_server(value.get_secret_value()):
            raise ValueError(
                "must be smtp://host:port or smtps://host:port, with user:password@ before the host if needed"
            )
        return value

    @field_validator("mail_from")
    @classmethod
    def _from(cls, value: str | None) -> str | None:
        found = mailbox(value) if value is not None else None
        if value is not None and found is None:
            raise ValueError("must be one plain mail address, such as evenemang@kommun.se")
        return found

    @field_validator("contact")
    @classmethod
    def _contact(cls, value: str | None) -> str | None:
        if value is not None and not value.isprintable():
            raise ValueError("must be one line: it is sent in the User-Agent")
        return value

    @field_validator("fetch_allow", "offer_allow", "proxies", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("fetch_allow", "offer_allow")
    @classmethod
    def _allowed(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for entry in value:
            host, _, port = entry.rpartition(":")
            if not (host and port.isdigit() and 0 < int(port) < 65536):
                raise ValueError(f"must be a list of host:port; {entry!r} is none")
        return value

    @field_validator("proxies", mode="wrap")
    @classmethod
    def _networks(cls, value: object, handler: ValidatorFunctionWrapHandler) -> object:
        try:
            return handler(value)
        except ValidationError as error:
            raise ValueError("must be a list of addresses or networks, such as 127.0.0.1 10.0.0.0/8") from error

    def warnings(self) -> tuple[str, ...]:
        """What is allowed but worth a sentence at start and in `/healthz`."""
        parts = urlsplit(self.base_url)
        found = []
        if parts.scheme == "http" and parts.hostname not in LOCAL_HOSTS:
            found.append(f"{PREFIX}BASE_URL is {self.base_url}: without https, what residents read can be altered")
        if self.contact is None and parts.hostname not in LOCAL_HOSTS:
            found.append(f"{PREFIX}CONTACT is missing: readers are told of no address to write to")
        if self.now is not None:
            found.append(f"{PREFIX}NOW is set: the clock of the program began at {self.now.isoformat()}")
        return tuple(found)


def load(config_file: Path, env_file: Path | None = Path(".env")) -> Settings:
    """The settings in force; the environment goes before `env_file`, which need not exist.

    Raises `ConfigError` with one sentence that names the setting. `database_url` defaults to `evenemang.db`
    beside `config_file`.
    """
    _refuse_unknown(env_file)
    try:
        settings = Settings(_env_file=env_file)
    except ValidationError as error:
        raise _named(error) from None  # the chained error would print the value, which may be a secret
    _refuse_half(settings)
    if settings.database_url:
        return settings
    default = config_file.resolve().parent / "evenemang.db"
    return settings.model_copy(update={"database_url": f"sqlite:///{default}"})


def clock(start: datetime | None) -> Clock:
    """The program's clock: the real one, or one that shows `start` when it is first read and runs on from there.

    The real clock may jump; a given one advances by the monotonic clock.
    """
    if start is None:
        return lambda: datetime.now(UTC)
    begun: list[float] = []

    def running() -> datetime:
        moment = time.monotonic()
        if not begun:
            begun.append(moment)
        return start.astimezone(UTC) + timedelta(seconds=moment - begun[0])

    return running


def names() -> tuple[str, ...]:
    """The names of all settings as they stand in the environment."""
    return tuple(PREFIX + name.upper() for name in Settings.model_fields)


def _web_address(value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be an http:// or https:// address without query")


def _refuse_half(settings: Settings) -> None:
    """The three settings of a login elsewhere go together."""
    told = {name: getattr(settings, name) for name in ("oidc_issuer", "oidc_client_id", "oidc_client_secret")}
    missing = [name for name, value in told.items() if value is None]
    if missing and len(missing) < len(told):
        raise ConfigError("is needed where the other settings of OIDC are given", key=PREFIX + missing[0].upper())


def _mail_server(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        return False


def _refuse_unknown(env_file: Path | None) -> None:
    given: Iterable[str] = os.environ
    if env_file is not None and env_file.is_file():
        given = (*given, *dotenv_values(env_file))
    known = names()
    for name in given:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ConfigError(f"there is no such setting{hint}", key=name)


def _named(error: ValidationError) -> ConfigError:
    first = error.errors(include_input=False, include_url=False)[0]
    name = PREFIX + str(first["loc"][0]).upper()
    return ConfigError(_sentence(first["type"], first["msg"]), key=name)


def _sentence(kind: str, message: str) -> str:
    if kind.startswith(("datetime", "timezone")):
        return "must be an instant with its offset, such as 2027-01-16T12:00:00+01:00"
    text = message.removeprefix("Value error, ")
    return text[:1].lower() + text[1:]
