"""One answer of a source: from its file, its address, or what was handed in. Reads nothing of what came.

Only `sources.yaml` may name a file, and only one inside its own folder.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

from aggregator.config import Config
from aggregator.errors import BadAnswer, ConfigError
from aggregator.fetch import MEGABYTE, Asks, Fetched, NotModified
from aggregator.model import SUBMITTED, Source
from aggregator.state import SourceState

Handed = Callable[[str], bytes]  # the events that were handed in and approved, of one source
LARGEST_FILE = 100 * MEGABYTE  # a local file is the operator's own, but a reader's memory has an end


async def ask(
    source: Source, state: SourceState, config: Config, fetcher: Asks, handed: Handed, *, force: bool
) -> Fetched | NotModified:
    """The source's answer now; raises FetchError, or ConfigError for a file that can't be read."""
    if source.format == SUBMITTED:
        return Fetched(url=address(source, state), body=await asyncio.to_thread(handed, source.id))
    if source.path is not None:
        return await asyncio.to_thread(_file, source, config)
    known = state.body is not None and not force and not state.paged
    return await fetcher.fetch(
        address(source, state),
        etag=state.etag if known else None,
        last_modified=state.last_modified if known else None,
        validated=state.answered,
        interval=source.interval,
    )


def address(source: Source, state: SourceState) -> str:
    """Where the source is asked: its own address, or the one that it moved to for good."""
    return state.url or source.url or source.path or f"{SUBMITTED}:{source.id}"


def _file(source: Source, config: Config) -> Fetched:
    path = config.local_file(source)
    assert path is not None and source.path is not None  # noqa: S101, PT018 - `path:` sources have a file
    folder = config.file.parent.resolve()
    real = path.resolve()
    if not real.is_relative_to(folder):
        raise ConfigError("lies outside the folder of the file", file=config.file, key=f"{source.id}.path")
    try:
        return Fetched(url=source.path, body=_bytes(real, source))
    except OSError as error:
        raise BadAnswer(f"the file can't be read: {error.strerror}", url=source.path) from error


def _bytes(path: Path, source: Source) -> bytes:
    if path.stat().st_size > LARGEST_FILE:
        raise BadAnswer(f"the file is larger than {LARGEST_FILE // MEGABYTE} MB", url=source.path or "")
    return path.read_bytes()
