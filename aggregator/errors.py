"""The error tree. Every error of the program is an `EvenemangError`; its text is one plain sentence.

EvenemangError
├── ConfigError            sources.yaml or the environment is wrong (file, line and key as attributes)
├── UsageError             a command or a query was asked in a way that has no meaning
├── FetchError             an address gave no usable answer
│   ├── RefusedAddress     the guard refused it: private network, scheme, port, spelling
│   ├── Unreachable        no connection: name, time, TLS, reset
│   ├── BadAnswer          an answer that is not 200 or 304, too large, cut, or wrongly encoded
│   └── Gone               410
├── ReadError              the bytes could not be read as any known format
│   └── ReaderDied         the child process hit a limit or crashed
├── StoreError             the database
│   ├── LeaseLost          another process holds the right to write
│   ├── StaleCatalogue     the catalogue moved between match and store
│   └── Overtaken          what was decided on has been changed since it was shown
├── MailError              a mail could not be handed over
└── ProviderError          an identity provider gave no usable answer

Foreign exceptions are wrapped once, at the edge where they appear, with the cause chained. One broken
item is no exception but a `model.Problem` beside its siblings.
"""

from pathlib import Path


class EvenemangError(Exception):
    """Base of all errors of the program; `str()` is a sentence for people."""


class ConfigError(EvenemangError):
    """`sources.yaml` or a setting is wrong. `line` is 1-based; `key` is the dotted path or the setting's name.

    `also` holds the further errors of the same file.
    """

    def __init__(
        self, message: str, *, file: Path | None = None, line: int | None = None, key: str | None = None
    ) -> None:
        self.file = file
        self.line = line
        self.key = key
        self.also: tuple[ConfigError, ...] = ()
        where = ":".join(str(part) for part in (file, line) if part is not None)
        super().__init__(": ".join(part for part in (where, key, message) if part))


class UsageError(EvenemangError):
    """The request has no meaning; the sentence names the word that is wrong."""


class FetchError(EvenemangError):
    """An address gave no usable answer.

    `code` names the kind for translations and statistics ("dns", "tls-expired", …; all in `outages`);
    `retry_after` is the server's own wish in seconds, already clamped.
    """

    def __init__(
        self, message: str, *, url: str, code: str = "", status: int | None = None, retry_after: float | None = None
    ) -> None:
        self.url = url
        self.code = code
        self.status = status
        self.retry_after = retry_after
        super().__init__(message)


class RefusedAddress(FetchError):
    """The address is one that this program never asks."""


class Unreachable(FetchError):
    """No answer at all: name, connection, TLS or time."""


class BadAnswer(FetchError):
    """An answer that can't be used: status, size, coding, cut short."""


class Gone(FetchError):
    """410: the owner says that the address is gone for good."""


class ReadError(EvenemangError):
    """The bytes could not be read as events. `code` is a key of `problems.SENTENCES`."""

    def __init__(self, message: str, *, code: str = "not-a-feed") -> None:
        self.code = code
        super().__init__(message)


class ReaderDied(ReadError):
    """The child process that read the bytes was ended by a limit, or crashed.

    `code` begins with "reader-" (all in `outages`); "reader-bug" has the child's own `traceback` as text.
    """

    def __init__(self, message: str, *, code: str, traceback: str = "") -> None:
        self.traceback = traceback
        super().__init__(message, code=code)


class StoreError(EvenemangError):
    """The database could not do what was asked."""


class LeaseLost(StoreError):
    """The lease of a source was taken over; what was prepared under it must not be written."""


class StaleCatalogue(StoreError):
    """The catalogue moved between matching and storing: match again."""


class Overtaken(StoreError):
    """Somebody else was faster: what is to be changed is not what was shown any more. `version` is what it is now."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__("it was changed by somebody else since it was shown; look at it again")


class MailError(EvenemangError):
    """A mail could not be handed over; it stays in the outbox.

    `permanent`: this letter is refused for good. `server`: no letter gets through now, whatever it holds.
    """

    def __init__(self, message: str, *, permanent: bool = False, server: bool = False) -> None:
        self.permanent = permanent
        self.server = server
        super().__init__(message)


class ProviderError(EvenemangError):
    """An identity provider gave no usable answer, or one that proves nothing."""
