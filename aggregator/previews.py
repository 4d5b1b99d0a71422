"""What an address gives before it is a source: read, matched with what is there, and stored nowhere."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from aggregator import ingest, outages
from aggregator.kit import Kit, Visit
from aggregator.model import Role, Source
from aggregator.pasting import no_address, pasted
from aggregator.report import Report, Result

ID = "preview"


async def preview(kit: Kit, address: str, role: Role = Role.MEDIA) -> Report:
    """A refresh of a source that nobody has entered, and of which nothing is kept; what went wrong is in the report.

    What can be no address of a calendar is not asked.
    """
    if code := no_address(address):
        return Report(source=ID, result=Result.FAILED, detail=outages.SENTENCES[code][1], code=code)
    words = next((source.vocabulary for source in kit.config.sources), None)
    source = Source(id=ID, name=_host(address), url=pasted(address), role=role, vocabulary=words)
    town = replace(kit.config, sources=(*kit.config.sources, source))
    return await ingest.refresh(replace(kit, config=town, keeps=False), Visit(source=source, now=kit.clock(), dry=True))


def _host(address: str) -> str:
    try:
        return urlsplit(pasted(address)).hostname or address
    except ValueError:
        return address
