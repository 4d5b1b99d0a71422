"""What was erased, a second time, in a small file beside `sources.yaml`: so that an erasure outlives a restore (G02).

A backup that was taken before an erasure knows nothing of it. The file does, as long as it is not restored with it. It
holds keyed hashes and nothing else; the key is in the database. A file made with another key says nothing here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from aggregator.errors import ConfigError
from aggregator.suppression import Mark

HEAD = """\
# What was erased from this calendar and must not come back; see "Erasure" in docs/operate.md.
# Keyed hashes only: nobody can read a name or an address out of them. Written by the program. Leave the file where it
# is when a backup is restored.
"""
_KIND = re.compile(r"[a-z]+(?:-[a-z0-9]+)?")
_HASH = re.compile(r"[0-9a-f]{16,64}")


def beside(file: Path) -> Path:
    """The file that belongs to a town's file."""
    return file.with_suffix(".erased")


def read(path: Path, fingerprint: str) -> frozenset[Mark] | None:
    """The marks of a file; None where it was made with another key. Raises ConfigError where it can't be read.

    A line of no sense is passed over: what stands in the others must not come back for its sake.
    """
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return frozenset()
    except OSError as error:
        raise ConfigError(f"what was erased can't be read: {error.strerror}", file=path) from error
    told = [tuple(line.split()) for line in lines if line and not line.startswith("#")]
    keys = {pair[1] for pair in told if len(pair) == 2 and pair[0] == "key"}
    if keys and fingerprint not in keys:
        return None
    pairs = [pair for pair in told if len(pair) == 2 and _KIND.fullmatch(pair[0]) and _HASH.fullmatch(pair[1])]
    return frozenset(Mark(hash, kind) for kind, hash in pairs if kind != "key")


def write(path: Path, fingerprint: str, marks: Iterable[Mark]) -> None:
    """Write the file whole, or leave it as it is. Raises ConfigError."""
    lines = sorted(f"{mark.kind} {mark.hash}\n" for mark in marks)
    fresh = path.with_name(path.name + ".new")
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            out.write(f"{HEAD}key {fingerprint}\n{''.join(lines)}")
            out.flush()
            os.fsync(out.fileno())
        os.replace(fresh, path)
    except OSError as error:
        raise ConfigError(f"what was erased can't be noted: {error.strerror}", file=path) from error
