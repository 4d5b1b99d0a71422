"""The small vocabularies: role, layer, status, coverage; and what marks a calendar or an id as our own."""

from enum import StrEnum

PRODID = "-//Evenemang//evenemang//SV"  # of every calendar we write (RFC 5545 3.7.3); a source with it is our own
SUBMITTED = "submitted"  # the format of sources that have no address: their events are handed in on our own pages
UID_PATTERN = r"[0-9A-HJKMNP-TV-Z]{26}"  # an event's id, minted by us: Crockford's base 32, the whole text


class Role(StrEnum):
    """What a source is to the events it tells; the order is the precedence of a merge, highest first."""

    ORGANIZER = "organizer"
    VENUE = "venue"
    MUNICIPALITY = "municipality"
    TICKETS = "tickets"
    ASSOCIATION = "association"
    MEDIA = "media"


class Layer(StrEnum):
    """Leisure is what people do in their free time; civic is meetings, notices and deadlines."""

    LEISURE = "leisure"
    CIVIC = "civic"


class Status(StrEnum):
    """schema.org's EventStatusType and *tentative* (RFC 5545 3.8.1.11)."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    MOVED = "moved"  # EventRescheduled: another time
    MOVED_ONLINE = "moved-online"
    POSTPONED = "postponed"
    TENTATIVE = "tentative"


class Coverage(StrEnum):
    """What an absence from an answer means; see docs/design.md, "Absence is weak evidence"."""

    AUTO = "auto"
    COMPLETE = "complete"
    WINDOW = "window"
    LATEST = "latest"
