"""Whether the clock on the wall can be trusted: compared, look by look, with one that never jumps.

It reads no clock: both are handed in. What follows from a doubt is decided where it is asked.
"""

from datetime import datetime, timedelta

SLEPT = timedelta(minutes=2)  # so much more on the wall than on the monotonic clock: the machine was asleep
JUMP = timedelta(days=1)  # more than that between two looks is a wrong clock, or days of sleep: who can tell
DOUBT = timedelta(days=1)  # of running time, after which a clock that stayed where it jumped is believed


class Watch:
    """Looks at a wall clock and at `ticks`, the seconds of a clock that only runs forward.

    `awake`: when the looking began, anew after each sleep of the machine. `doubtful`: the wall clock has jumped
    by more than a day, has not jumped back, and a day has not passed since: nothing may be deleted by it.
    """

    def __init__(self, wall: datetime, ticks: float) -> None:
        self.awake = wall
        self.doubtful = False
        self._wall = wall
        self._ticks = ticks
        self._jumped = timedelta(0)
        self._since = ticks

    def look(self, wall: datetime, ticks: float) -> None:
        """Note one look."""
        jump = wall - self._wall - timedelta(seconds=ticks - self._ticks)
        self._wall, self._ticks = wall, ticks
        if jump > SLEPT:
            self.awake = wall
        if abs(jump) > JUMP:
            self._jumped += jump
            self._since = ticks
        elif ticks - self._since > DOUBT.total_seconds():
            self._jumped = timedelta(0)
        self.doubtful = abs(self._jumped) > JUMP
