"""What the database's own errors mean, in sentences for the operator. Decides nothing and retries nothing."""

from pathlib import Path

from sqlalchemy.exc import DBAPIError

RESTORE = "stop the program, put the newest backup in its place and start again (docs/operate.md, Backup and restore)"
_MEANT = {
    "database is locked": "the database is busy: another program has held {file} for too long; it is tried again",
    "disk is full": "the disk is full; nothing of this was written",
    "readonly database": "{file} can't be written: it, its folder or its disk is read-only",
    "unable to open": "{file} can't be opened; it is gone, or this user may not read and write it",
    "disk i/o error": "the disk answered with an error; nothing of this was written",
    "malformed": "{file} is damaged; " + RESTORE,
    "not a database": "{file} is no database, or it is damaged; " + RESTORE,
    "could not decode to utf-8": "{file} is damaged; " + RESTORE,
    "codec can't decode": "{file} is damaged; " + RESTORE,
    "lock timeout": "the database is busy: another process has been writing for too long; it is tried again",
}


def sentence(error: Exception, file: Path | None) -> str:
    """The error as one sentence; what is not known is told in the database's own words."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    words = " ".join(str(cause).split())
    for part, meant in _MEANT.items():
        if part in words.lower():
            return meant.format(file=f"the database file {file}" if file else "the database")
    return f"the database answered: {words[:300]}"
