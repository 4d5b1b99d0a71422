"""The time of one occurrence: an aware instant or a day, never a midnight for a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class When:
    """The time of one occurrence.

    Timed: `start` and `end` are aware, in the zone that the source means. All-day: both are dates, and
    `end` is the *last* day (None: one day). `end` is None also where a timed end is not known.
    """

    start: datetime | date
    end: datetime | date | None = None

    def __post_init__(self) -> None:
        for value in (self.start, self.end):
            if isinstance(value, datetime) and value.tzinfo is None:
                raise ValueError("a naive time has no place in a When")
        if self.end is not None and isinstance(self.start, datetime) != isinstance(self.end, datetime):
            raise ValueError("start and end are both days or both instants")

    @property
    def all_day(self) -> bool:
        """Whether days are meant, not hours."""
        return not isinstance(self.start, datetime)

    def first_day(self, zone: ZoneInfo) -> date:
        """The local date on which it begins."""
        return self.start.astimezone(zone).date() if isinstance(self.start, datetime) else self.start

    def last_day(self, zone: ZoneInfo) -> date:
        """The local date on which it ends; an end at midnight belongs to the day before."""
        if self.end is None:
            return self.first_day(zone)
        if not isinstance(self.end, datetime):
            return self.end
        moment = self.end.astimezone(zone)
        if isinstance(self.start, datetime) and moment > self.start:
            moment -= timedelta(microseconds=1)
        return max(moment.date(), self.first_day(zone))

    def begins(self, zone: ZoneInfo) -> datetime:
        """The instant at which it begins; a day begins at local midnight of `zone`."""
        if isinstance(self.start, datetime):
            return self.start
        return datetime(self.start.year, self.start.month, self.start.day, tzinfo=zone)

    def over(self, zone: ZoneInfo) -> datetime:
        """The instant after which it is past: its end, else its start, for days the midnight after the last."""
        if isinstance(self.start, datetime):
            return self.end if isinstance(self.end, datetime) else self.start
        after = self.last_day(zone) + timedelta(days=1)
        return datetime(after.year, after.month, after.day, tzinfo=zone)
